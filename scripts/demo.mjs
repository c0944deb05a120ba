/**
 * `npm run demo [-- --cluster]`: counts the words of some real text, exactly once, and shows the table.
 *
 * Embedded: an in-process Kafka and a PostgreSQL out of an npm package. With `--cluster`: a real broker and a real PostgreSQL,
 * those that `KAFKA_BROKERS` and `DATABASE_URL` name, or ones started for the occasion.
 */
import { listenForInterruption } from './demo/interruption.mjs'
import { makeReady } from './ready.mjs'

makeReady()
const { openCluster, openEmbedded } = await import('./demo/surroundings.mjs')
const { countWords } = await import('./demo/count-words.mjs')
const { report } = await import('./demo/report.mjs')

const interruption = listenForInterruption()
try {
  process.exitCode = (await run(interruption)) ? 0 : 1
} catch (error) {
  // Whatever broke while everything was being stopped is no news.
  if (!interruption.aborted) throw error
  console.log(
    `\n${String(interruption.reason)}; the application and what was started for it are stopped`,
  )
}

/** @param {AbortSignal} signal @returns {Promise<boolean>} Whether the table is right. */
async function run(signal) {
  const surroundings = await (process.argv.includes('--cluster') ? openCluster() : openEmbedded())
  try {
    signal.throwIfAborted()
    console.log(`${surroundings.description}\n`)
    return await report(await countWords(surroundings, signal), surroundings)
  } finally {
    await surroundings.stop()
  }
}
