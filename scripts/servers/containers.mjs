/**
 * The same servers as containers, for machines without Java or PostgreSQL but with a Docker engine.
 * testcontainers removes what a killed process leaves, by a container of its own (Ryuk).
 */

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
  const container = await new KafkaContainer(image)
    .withKraft()
    .withEnvironment(
      environment({
        'auto.create.topics.enable': false,
        'offsets.topic.num.partitions': 1,
        'transaction.state.log.num.partitions': 1,
        'group.initial.rebalance.delay.ms': 0,
        'group.min.session.timeout.ms': 500,
        ...brokerProperties,
      }),
    )
    // The module's own strategy answers before the broker listens.
    .withWaitStrategy(Wait.forListeningPorts())
    .start()
  return {
    brokers: [`${container.getHost()}:${container.getMappedPort(9093)}`],
    stop: async () => {
      await container.stop()
    },
  }
}

/** @returns {Promise<{ url: string, stop: () => Promise<void> }>} */
export async function startPostgresContainer() {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql')
  const image = process.env['POSTGRES_IMAGE'] ?? 'postgres:18'
  const container = await new PostgreSqlContainer(image)
    .withCommand(['postgres', '-c', 'max_connections=200', '-c', 'fsync=off'])
    .start()
  return {
    url: container.getConnectionUri(),
    stop: async () => {
      await container.stop()
    },
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
