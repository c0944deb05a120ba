import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { kafkaJars, kafkaJarsFolder } from '../../../scripts/servers/kafka-jars.mjs'

/** @typedef {import('../checks/check-output.mjs').OutputRecord} OutputRecord */

const program = fileURLToPath(new URL('../../support/java/ReadCommitted.java', import.meta.url))

/** Why there is no independent reader on this machine, if so: brokers from elsewhere need no Java, it does. */
export function missingForReader() {
  const works = (/** @type {string} */ command) =>
    spawnSync(command, ['-version'], { stdio: 'ignore' }).status === 0
  if (!works('java')) return 'the independent reader needs Java 17 or later'
  if (existsSync(kafkaJarsFolder('broker')) || works('mvn')) return undefined
  return 'the independent reader needs mvn to fetch the Kafka client'
}

/**
 * Reads a topic with Java's client, `read_committed`.
 *
 * @param {readonly string[]} brokers @param {string} topic
 * @returns {Promise<OutputRecord[]>} In the order of their offsets within a partition.
 */
export async function readCommitted(brokers, topic) {
  const jars = await kafkaJars('broker')
  const java = spawn(
    'java',
    [
      ...['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
      ...['-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', `${jars}/*`],
      ...[program, brokers.join(','), topic],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const [out, errors, code] = await Promise.all([
    text(java.stdout),
    text(java.stderr),
    new Promise((resolve, reject) => {
      java.once('error', reject)
      java.once('close', resolve)
    }),
  ])
  if (code !== 0)
    throw new Error(`the independent reader of ${topic} ended with ${code}: ${errors}`)
  return out.split('\n').filter(Boolean).map(parse)
}

/** @param {NodeJS.ReadableStream} stream */
async function text(stream) {
  const chunks = []
  for await (const chunk of stream) chunks.push(/** @type {Buffer} */ (chunk))
  return Buffer.concat(chunks).toString('utf8')
}

/** @param {string} line @returns {OutputRecord} */
function parse(line) {
  const [partition, offset, key = '', value] = line.split('\t')
  return { partition: Number(partition), offset: Number(offset), key, value: Number(value) }
}
