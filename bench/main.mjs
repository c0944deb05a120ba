import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArguments } from './arguments.mjs'
import { benchGrowth } from './growth/growth.mjs'
import { benchKeyed } from './keyed/keyed.mjs'
import { openLab } from './lab/lab.mjs'
import { benchLatency } from './latency/latency.mjs'
import { benchLimits } from './limits/limits.mjs'
import { takePrinted } from './measure/columns.mjs'
import { writeResults } from './measure/write-results.mjs'
import { benchMicro } from './micro/micro.mjs'
import { benchPassThrough } from './passthrough/passthrough.mjs'
import { benchStreamJoin } from './streamjoin/streamjoin.mjs'
import { benchTableJoin } from './tablejoin/tablejoin.mjs'
import { benchTakeover } from './takeover/takeover.mjs'
import { USAGE } from './usage.mjs'
import { benchWindowed } from './windowed/windowed.mjs'
import { benchWordCount } from './wordcount/wordcount.mjs'

/** @typedef {import('./arguments.mjs').Settings} Settings */
/** @typedef {import('./lab/lab.mjs').Lab} Lab */

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** @type {Record<string, (settings: Settings) => Promise<object | void>>} */
const benches = {
  micro: benchMicro,
  wordcount: (settings) => withServers(settings, benchWordCount),
  latency: (settings) => withServers(settings, benchLatency),
  keyed: (settings) => withServers(settings, benchKeyed),
  windowed: (settings) => withServers(settings, benchWindowed),
  tablejoin: (settings) => withServers(settings, benchTableJoin),
  streamjoin: (settings) => withServers(settings, benchStreamJoin),
  takeover: (settings) => withServers(settings, benchTakeover),
  passthrough: (settings) => withServers(settings, benchPassThrough),
  limits: (settings) => withServers(settings, benchLimits),
  growth: (settings) => withServers(settings, benchGrowth),
}

/**
 * Runs benches: prints their tables, and writes their results where there is a file for them.
 *
 * @param {readonly string[]} argv
 */
export async function main(argv) {
  const settings = parseArguments(argv)
  const names = settings ? namesOf(settings) : []
  if (!settings || !names.every((name) => benches[name])) {
    process.stdout.write(USAGE)
    process.exitCode = settings ? 1 : 0
    return
  }
  for (const name of names) {
    if (names.length > 1) console.log(`\n=== ${name}`)
    const results = await benches[name]?.(settings)
    const tables = takePrinted()
    const file = settings.json ?? (settings.isWritten ? `bench/results/${name}.json` : undefined)
    if (file && results) await writeResults(resolve(root, file), results, tables)
  }
}

/** @param {Settings} settings */
function namesOf({ names, check }) {
  if (check) return ['micro']
  return names.length > 0 ? names : Object.keys(benches)
}

/**
 * @template T
 * @param {Settings} settings
 * @param {(lab: Lab, settings: Settings) => Promise<T>} bench
 */
async function withServers(settings, bench) {
  const lab = await openLab(settings)
  try {
    return await bench(lab, settings)
  } finally {
    await lab.close()
  }
}
