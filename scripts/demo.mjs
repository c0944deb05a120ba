/**
 * `npm run demo [-- --cluster]`: counts the words of some real text, exactly once, and shows the table.
 *
 * Embedded: an in-process Kafka and a PostgreSQL out of an npm package. With `--cluster`: a real broker and a real PostgreSQL,
 * those that `KAFKA_BROKERS` and `DATABASE_URL` name, or ones started for the occasion.
 */
import { makeReady } from './ready.mjs'

makeReady()
const { openCluster, openEmbedded } = await import('./demo/surroundings.mjs')
const { countWords } = await import('./demo/count-words.mjs')
const { report } = await import('./demo/report.mjs')

const isCluster = process.argv.includes('--cluster')
const surroundings = await (isCluster ? openCluster() : openEmbedded())
try {
  console.log(`${surroundings.description}\n`)
  const isRight = await report(await countWords(surroundings), surroundings)
  process.exitCode = isRight ? 0 : 1
} finally {
  await surroundings.stop()
}
