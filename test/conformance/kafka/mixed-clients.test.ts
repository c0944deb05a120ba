import { afterAll, describe, expect, test } from '@jest/globals'
import type { Kafka } from '../../../src/kafka/kafka.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { createTopic } from './suite-context.ts'
import { brokers } from './support/brokers.ts'
import { ConsumerProbe } from './support/consumer-probe.ts'
import { createKafkaJs } from './support/create-kafkajs.ts'
import { createPlatformatic } from './support/create-platformatic.ts'
import { eventually } from './support/eventually.ts'
import { uniqueName } from './support/names.ts'

const describeWithBroker = brokers.length > 0 ? describe : describe.skip

describeWithBroker('instances with different clients (needs KAFKA_BROKERS)', () => {
  const opened: Kafka[] = []
  afterAll(() => Promise.all(opened.map((kafka) => kafka.close())))

  test('share the partitions of one group, whoever leads it', async () => {
    const open = { clientId: 'conformance', logger: consoleLogger('silent') }
    for (const create of [createKafkaJs, createPlatformatic])
      opened.push(await create(brokers, {}).open(open))
    const [first, second] = opened as [Kafka, Kafka]
    const partitions = await createTopic(first, 4)
    for (const [leader, follower] of [
      [first, second],
      [second, first],
    ] as const) {
      const groupId = uniqueName('group')
      const probes = [leader, follower].map(
        (kafka) => new ConsumerProbe(kafka, { partitions, groupId }),
      )
      for (const { consumer } of probes) await consumer.start()
      await eventually('each has half', () =>
        probes.every(({ assigned }) => assigned.length === partitions.length / 2),
      )
      expect(new Set(probes.flatMap(({ assigned }) => assigned)).size).toBe(partitions.length)
      await Promise.all(probes.map(({ consumer }) => consumer.stop()))
    }
  })
})
