import { execFile } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { kafkaVersion } from '../../scripts/servers/kafka-jars.mjs'

const run = promisify(execFile)

/**
 * What figures depend on.
 *
 * @param {import('pg').Client} client
 * @param {string} node Path of the binary that runs rowstream.
 */
export async function describeMachine(client, node) {
  const processors = cpus()
  return {
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    node: (await run(node, ['--version'])).stdout.trim(),
    java: /version "(.+)"/.exec((await run('java', ['-version'])).stderr)?.[1] ?? 'unknown',
    kafka: process.env['KAFKA_BROKERS'] ? 'from KAFKA_BROKERS' : kafkaVersion,
    kafkaStreams: kafkaVersion,
    postgres: await setting(client, 'server_version'),
    fsync: await setting(client, 'fsync'),
    synchronousCommit: await setting(client, 'synchronous_commit'),
  }
}

/**
 * @param {import('pg').Client} client
 * @param {string} name
 * @returns {Promise<string>}
 */
async function setting(client, name) {
  const { rows } = await client.query('select current_setting($1) as value', [name])
  const [{ value }] = /** @type {[{ value: string }]} */ (rows)
  return value
}
