import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArguments, USAGE } from './arguments.mjs'
import { openLab } from './lab/lab.mjs'
import { benchWordCount } from './wordcount/wordcount.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** @type {Record<string, typeof benchWordCount>} */
const benches = { wordcount: benchWordCount }

/**
 * Runs a bench: prints its tables, and writes its results where there is a file for them.
 *
 * @param {readonly string[]} argv
 */
export async function main(argv) {
  const settings = parseArguments(argv)
  const bench = settings && benches[settings.name]
  if (!bench) {
    process.stdout.write(USAGE)
    process.exitCode = settings ? 1 : 0
    return
  }
  const lab = await openLab(settings)
  try {
    const results = await bench(lab, settings)
    if (settings.json) await write(resolve(root, settings.json), results)
  } finally {
    await lab.close()
  }
}

/**
 * @param {string} file
 * @param {object} results
 */
async function write(file, results) {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`)
  console.log(`\nwritten to ${file}`)
}
