import { describe, expect, test } from '@jest/globals'
import { memoryKafka } from '../../../src/kafka/memory/index.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { kafkaSuite } from './kafka-suite.ts'
import { createTopic } from './suite-context.ts'
import { ConsumerProbe } from './support/consumer-probe.ts'
import { eventually } from './support/eventually.ts'

const options = { clientId: 'conformance', logger: consoleLogger('silent') }

for (const recordsPerBatch of [500, 2]) {
  const adapter = memoryKafka({ recordsPerBatch })
  kafkaSuite({
    name: `memory with ${recordsPerBatch} records a batch`,
    open: () => adapter.open(options),
    compact: (topic) => adapter.compact(topic),
  })
}

describe('memory', () => {
  test('a member whose session expires loses its partitions and joins again', async () => {
    const adapter = memoryKafka()
    const kafka = await adapter.open(options)
    const partitions = await createTopic(kafka, 2)
    const first = new ConsumerProbe(kafka, { partitions, groupId: 'group', fetchesAll: true })
    const second = new ConsumerProbe(kafka, { partitions, groupId: 'group', fetchesAll: true })
    await Promise.all([first.consumer.start(), second.consumer.start()])
    const memberId = first.assignor.seen.at(-1)?.at(-1)?.memberId ?? ''
    adapter.expireMember('group', memberId)
    await eventually('the first has everything', () =>
      first.assignments.some(({ length }) => length === 2),
    )
    await eventually(
      'both share again',
      () => first.assigned.length === 1 && second.assignments.length === 2,
    )
    await kafka.close()
  })

  test('a static member whose session expires does not take the place of one that has started under its name', async () => {
    const adapter = memoryKafka()
    const kafka = await adapter.open(options)
    const partitions = await createTopic(kafka, 2)
    const named = { partitions, groupId: 'group', groupInstanceId: 'one', fetchesAll: true }
    const [older, younger] = [new ConsumerProbe(kafka, named), new ConsumerProbe(kafka, named)]
    await older.consumer.start()
    adapter.expireMember('group', older.consumer.membership!.memberId)
    await younger.consumer.start()
    await eventually('the older one has failed', () => older.failures.length > 0)
    expect(older.failures).toMatchObject([{ code: 'INSTANCE_FENCED' }])
    expect([younger.failures, younger.assigned.length]).toEqual([[], 2])
    await kafka.close()
  })
})
