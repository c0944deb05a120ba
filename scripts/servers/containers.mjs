/**
 * The same servers as containers, for machines without Java or PostgreSQL but with a Docker engine.
 * testcontainers removes what a killed process leaves, by a container of its own (Ryuk).
 */
import { singleBrokerProperties } from './broker-properties.mjs'

/** Whether a Docker engine answers. */
export async function hasContainers() {
  try {
    const { getContainerRuntimeClient } = await import('testcontainers')
    await getContainerRuntimeClient()
    return true
  } catch {
    return false
  }
}

/**
 * @param {Record<string, string | number | boolean>} brokerProperties
 * @returns {Promise<{ brokers: readonly string[], stop: () => Promise<void> }>}
 */
export async function startKafkaContainer(brokerProperties) {
  const { KafkaContainer } = await import('@testcontainers/kafka')
  const { Wait } = await import('testcontainers')
  // The tag has to read as 8.0.0 or later, which the module takes for "without ZooKeeper".
  const image = process.env['KAFKA_IMAGE'] ?? 'confluentinc/cp-kafka:8.1.0'
  const planned = new KafkaContainer(image)
    .withKraft()
    .withEnvironment(
      environment({
        ...singleBrokerProperties,
        ...brokerProperties,
      }),
    )
    // The module's own strategy answers before the broker listens.
    .withWaitStrategy(Wait.forListeningPorts())
  const container = await start(planned, `${image} (or another: KAFKA_IMAGE)`)
  return {
    brokers: [`${container.getHost()}:${container.getMappedPort(9093)}`],
    stop: async () => {
      await container.stop()
    },
  }
}

/**
 * @param {boolean} fsync
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startPostgresContainer(fsync) {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql')
  const image = process.env['POSTGRES_IMAGE'] ?? 'postgres:18'
  const planned = new PostgreSqlContainer(image).withCommand([
    ...['postgres', '-c', 'max_connections=200', '-c', `fsync=${fsync ? 'on' : 'off'}`],
  ])
  const container = await start(planned, `${image} (or another: POSTGRES_IMAGE)`)
  return {
    url: container.getConnectionUri(),
    stop: async () => {
      await container.stop()
    },
  }
}

/**
 * Starts a container; the engine's own message tells neither whose image it could not fetch nor that there is a choice.
 *
 * @template T
 * @param {{ start: () => Promise<T> }} container
 * @param {string} image
 */
async function start(container, image) {
  try {
    return await container.start()
  } catch (error) {
    const why = error instanceof Error ? error.message.trim() : String(error)
    throw new Error(`no container of the image ${image}: ${why}`, { cause: error })
  }
}

/** @param {Record<string, string | number | boolean>} properties */
function environment(properties) {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`,
      String(value),
    ]),
  )
}
