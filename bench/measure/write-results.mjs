import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { format, resolveConfig } from 'prettier'

/**
 * Writes the results of a bench, and beside them the tables that it printed.
 *
 * @param {string} file Ends in `.json`; the tables' in `.md`.
 * @param {object} results
 * @param {readonly string[]} tables
 */
export async function writeResults(file, results, tables) {
  await mkdir(dirname(file), { recursive: true })
  await writeFormatted(file, JSON.stringify(results))
  await writeFormatted(file.replace(/\.json$/, '.md'), describe(results, tables))
  console.log(`\nwritten to ${file}, and the tables beside it`)
}

/**
 * @param {object} results
 * @param {readonly string[]} tables
 */
function describe(results, tables) {
  const { bench, at, machine = {} } = /** @type {Described} */ (results)
  const where = Object.entries(machine).map(([what, value]) => `${what} ${value}`)
  const place = at === undefined ? [] : [[at, ...where].join(' · ')]
  const blocks = tables.map((text) => `\`\`\`text\n${text}\n\`\`\``)
  return [`# ${bench}`, ...place, ...blocks].join('\n\n')
}

/**
 * @typedef {object} Described
 * @property {string} bench
 * @property {string} [at] Of micro, each table says on what it was made.
 * @property {Record<string, string | number>} [machine]
 */

/** @param {string} file @param {string} text */
async function writeFormatted(file, text) {
  const style = await resolveConfig(file)
  await writeFile(file, await format(text, { ...style, filepath: file }))
}
