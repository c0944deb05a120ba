import { startKafka } from '../../../scripts/servers/kafka.mjs'
import { startPostgres } from '../../../scripts/servers/postgres.mjs'
import { requireServers } from '../../../scripts/servers/servers.mjs'

/**
 * @typedef {import('./application.mjs').TestServers & { description: string, stop: () => Promise<void> }} OwnServers
 */

/** Sessions end as early as the tests ask for. */
const brokerProperties = { 'group.min.session.timeout.ms': 500 }

/**
 * Servers for a run: those that the environment names, else native ones, which can be restarted, else containers.
 *
 * @returns {Promise<OwnServers>}
 */
export async function ownServers() {
  if (process.env['KAFKA_BROKERS'] || process.env['DATABASE_URL']) return otherServers()
  const [kafka, postgres] = await Promise.allSettled([
    startKafka({ brokerProperties }),
    startPostgres({ fsync: false }),
  ])
  if (kafka.status === 'fulfilled' && postgres.status === 'fulfilled') {
    return {
      description: 'native',
      brokers: kafka.value.brokers,
      databaseUrl: postgres.value.url,
      restartKafka: () => kafka.value.restart(),
      crashKafka: async () => {
        await kafka.value.kill()
        await kafka.value.restart()
        return { hasSkippedMarkers: kafka.value.hasSkippedMarkers() }
      },
      stop: async () => {
        await Promise.all([kafka.value.stop(), postgres.value.stop()])
      },
    }
  }
  for (const one of [kafka, postgres]) if (one.status === 'fulfilled') await one.value.stop()
  return otherServers()
}

/** @returns {Promise<OwnServers>} */
async function otherServers() {
  const servers = await requireServers({ brokerProperties })
  if ('reason' in servers) throw new Error(servers.reason)
  return servers
}
