import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { consoleLogger } from 'rowstream'
import { kafkajs } from 'rowstream/kafkajs'
import { requireServers } from '../../scripts/servers/servers.mjs'
import { rowsWritten } from './rows-written.mjs'
import { compileJava } from './java-programs.mjs'
import { describeMachine } from './machine.mjs'
import { nodeBinary } from '../../scripts/node-binary.mjs'
import { ownChildren, processorSeconds, writtenMb } from './processor-time.mjs'

/**
 * @typedef {object} Lab
 * @property {string} brokers
 * @property {string} databaseUrl
 * @property {import('rowstream').Kafka} kafka
 * @property {import('pg').Client} client
 * @property {string} node Path of the binary that runs rowstream.
 * @property {import('./java-programs.mjs').StartJava} startJava
 * @property {string} folder For what does not outlive the bench.
 * @property {Awaited<ReturnType<typeof describeMachine>>} machine
 * @property {() => Promise<ServerCost>} serverCost What the servers have used so far.
 * @property {(schema: string) => Promise<number>} rowsWritten Inserts and updates in a schema's stores, once its users have left.
 * @property {() => Promise<void>} settle Has everything written that waits to be: nobody pays for who came before.
 * @property {() => Promise<void>} close
 *
 * @typedef {object} ServerCost
 * @property {number} broker Processor seconds; 0 for a server that runs elsewhere.
 * @property {number} database
 * @property {number} walBytes
 * @property {number} brokerDiskMb Written to disks.
 * @property {number} databaseDiskMb
 */

/**
 * Servers, programs and tools for a bench.
 *
 * @param {{ node: string }} settings
 * @returns {Promise<Lab>}
 */
export async function openLab(settings) {
  const node = await nodeBinary(settings.node)
  const folder = mkdtempSync(join(tmpdir(), 'rowstream-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const classes = join(folder, 'classes')
  mkdirSync(classes)
  const startJava = await compileJava(classes)
  const servers = await startServers()
  // Before any other program of these names is started. None where the servers run elsewhere.
  const pids = { broker: ownChildren('java'), database: ownChildren('postgres') }
  const brokers = servers.brokers.join(',')
  const adapter = kafkajs({ brokers: [...servers.brokers] })
  const kafka = await adapter.open({ clientId: 'bench', logger: consoleLogger('error') })
  const client = new pg.Client(servers.databaseUrl)
  await client.connect()
  return {
    ...{ brokers, databaseUrl: servers.databaseUrl, kafka, client, node, startJava, folder },
    machine: await describeMachine(client, node),
    serverCost: () => serverCost(client, pids),
    rowsWritten: (schema) => rowsWritten(client, schema),
    settle: () => settle(client),
    close: async () => {
      await client.end()
      await kafka.close()
      await servers.stop()
    },
  }
}

async function startServers() {
  const servers = await requireServers({ fsync: true, quickJit: false, heapMb: 1024 })
  if ('reason' in servers) throw new Error(servers.reason)
  return servers
}

/**
 * @param {import('pg').Client} client
 * @param {{ broker: number[], database: number[] }} pids
 * @returns {Promise<ServerCost>}
 */
async function serverCost(client, { broker, database }) {
  const { rows } = await client.query(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as bytes`,
  )
  const [{ bytes }] = /** @type {[{ bytes: number }]} */ (rows)
  return {
    broker: processorSeconds(broker),
    database: processorSeconds(database),
    walBytes: bytes,
    brokerDiskMb: writtenMb(broker),
    databaseDiskMb: writtenMb(database),
  }
}

/** @param {import('pg').Client} client */
async function settle(client) {
  await client.query('checkpoint')
  spawnSync('sync')
}
