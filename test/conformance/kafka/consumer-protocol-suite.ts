import { afterEach, describe, expect, test } from '@jest/globals'
import type { GroupMembership } from '../../../src/kafka/group-membership.ts'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
import { createTopic, type SuiteContext } from './suite-context.ts'
import { ConsumerProbe, type ProbeOptions } from './support/consumer-probe.ts'
import { createGate } from './support/gate.ts'
import { eventually } from './support/eventually.ts'
import { uniqueName } from './support/names.ts'
import { encoded, record } from './support/records.ts'

/** Groups by KIP-848, for adapters of real brokers. */
export function consumerProtocolSuite(context: SuiteContext): void {
  describe('a member by the consumer protocol', () => {
    const probes: ConsumerProbe[] = []
    afterEach(async () => {
      await Promise.all(probes.map(({ consumer }) => consumer.stop({ leaveGroup: true })))
      expect(probes.splice(0).flatMap(({ violations }) => violations)).toEqual([])
    })

    const startProbe = async (options: ProbeOptions): Promise<ConsumerProbe> => {
      const probe = new ConsumerProbe(context.kafka, { groupProtocol: 'consumer', ...options })
      probes.push(probe)
      await probe.consumer.start()
      return probe
    }

    /** Two topics of four partitions each, as one task reads one of each. */
    const createGroup = async () => {
      const partitions = [
        ...(await createTopic(context.kafka, 4)),
        ...(await createTopic(context.kafka, 4)),
      ]
      return { partitions, groupId: uniqueName('group'), fetchesAll: true }
    }

    const has = (probe: ConsumerProbe, count: number) => () => probe.assigned.length === count

    const write = (partitions: readonly TopicPartition[]) =>
      context.kafka.produce(partitions.map(({ topic, partition }) => record(topic, { partition })))

    const numbersOf = (probe: ConsumerProbe) =>
      probe.assignments.at(-1)!.map(({ partition }) => partition)

    test('is alone and gets all, and reads it', async () => {
      const group = await createGroup()
      const probe = await startProbe(group)
      await eventually('it has all', has(probe, 8))
      await write(group.partitions)
      for (const partition of group.partitions) await probe.reaches(partition, 1n)
    })

    test('shares with another, the same numbers of both topics', async () => {
      const group = await createGroup()
      const first = await startProbe(group)
      await eventually('it has all', has(first, 8))
      const second = await startProbe(group)
      await eventually('they share', () => has(first, 4)() && has(second, 4)())
      for (const probe of [first, second]) {
        const numbers = numbersOf(probe)
        expect(numbers.filter((number) => numbers.indexOf(number) === numbers.lastIndexOf(number))).toEqual([]) // prettier-ignore
      }
      expect(new Set([...first.assigned, ...second.assigned]).size).toBe(8)
      await write(group.partitions)
      for (const probe of [first, second])
        for (const partition of probe.assignments.at(-1)!) await probe.reaches(partition, 1n)
    })

    test('gets nothing of what another one has lost before that has let it go', async () => {
      const group = await createGroup()
      const released = createGate()
      const release = () => released.passed
      const first = await startProbe({ ...group, groupInstanceId: 'a', release })
      await eventually('it has all', has(first, 8))
      const others = [await startProbe({ ...group, groupInstanceId: 'b' })]
      await eventually('half is taken away', has(first, 4))
      const second = others[0]!
      for (const groupInstanceId of ['c', 'd']) {
        const epoch = second.consumer.membership!.generationId
        others.push(await startProbe({ ...group, groupInstanceId }))
        // A heartbeat of its own, in which it would have been given what the first one had said to have let go.
        await eventually('it is told', () => second.consumer.membership!.generationId > epoch)
      }
      expect(others.flatMap(({ assignments }) => assignments.flat())).toEqual([])
      released.open()
      await eventually('they share', () => [first, ...others].every((one) => has(one, 2)()))
      expect(new Set([first, ...others].flatMap(({ assigned }) => assigned)).size).toBe(8)
    })

    test('keeps what it has while others come and go, and hears nothing of it', async () => {
      const group = await createGroup()
      const members: ConsumerProbe[] = []
      for (const groupInstanceId of ['1', '2', '3', '4', '5'])
        members.push(await startProbe({ ...group, groupInstanceId }))
      await eventually('four have a number each', () => members.filter((one) => has(one, 2)()).length === 4) // prettier-ignore
      const before = members.map(({ assignments }) => assignments.length)
      const idle = await startProbe({ ...group, groupInstanceId: '6' })
      await idle.consumer.stop({ leaveGroup: true })
      await write(group.partitions)
      for (const probe of members)
        for (const partition of probe.assignments.at(-1)!) await probe.reaches(partition, 1n)
      expect(members.map(({ assignments }) => assignments.length)).toEqual(before)
    })

    test('takes over from one that leaves', async () => {
      const group = await createGroup()
      const first = await startProbe(group)
      const second = await startProbe(group)
      await eventually('they share', () => has(first, 4)() && has(second, 4)())
      const stoppedAt = performance.now()
      await second.consumer.stop()
      await eventually('the first has all', has(first, 8))
      expect(performance.now() - stoppedAt).toBeLessThan(5_000)
    })

    test('takes over from one that is silent, once its session is over', async () => {
      const group = await createGroup()
      const first = await startProbe(group)
      const second = await startProbe(group)
      await eventually('they share', () => has(first, 4)() && has(second, 4)())
      const stoppedAt = performance.now()
      await second.consumer.stop({ leaveGroup: false })
      await eventually('the first has all', has(first, 8))
      expect(performance.now() - stoppedAt).toBeGreaterThan(3_000)
    }, 30_000)

    test('that is static and starts again has what it had, and the others hear nothing', async () => {
      const group = await createGroup()
      const stays = await startProbe({ ...group, groupInstanceId: 'a' })
      const goes = await startProbe({ ...group, groupInstanceId: 'b' })
      await eventually('they share', () => has(stays, 4)() && has(goes, 4)())
      const before = stays.assignments.length
      await goes.consumer.stop()
      const back = await startProbe({ ...group, groupInstanceId: 'b' })
      await eventually('it is back', has(back, 4))
      expect(back.assigned).toEqual(goes.assigned)
      expect(stays.assignments).toHaveLength(before)
    })

    test('waits for one of its instance id to be gone', async () => {
      const group = await createGroup()
      const old = await startProbe({ ...group, groupInstanceId: 'a' })
      await eventually('it has all', has(old, 8))
      const starting = startProbe({ ...group, groupInstanceId: 'a' })
      await write(group.partitions)
      await old.reaches(group.partitions[0]!, 1n)
      await old.consumer.stop()
      const young = await starting
      await eventually('the next one has all', has(young, 8))
      expect(old.failures).toEqual([])
    })

    test('is counted while it is one, and a static one while it is not away', async () => {
      const group = await createGroup()
      const count = () => context.kafka.countMembers(group.groupId)
      expect(await count()).toBe(0)
      const dynamic = await startProbe(group)
      const named = await startProbe({ ...group, groupInstanceId: 'a' })
      await eventually('they share', () => has(dynamic, 4)() && has(named, 4)())
      expect(await count()).toBe(2)
      await named.consumer.stop()
      expect(await count()).toBe(1)
      await dynamic.consumer.stop()
      expect(await count()).toBe(0)
    })

    test('commits offsets under its epoch, and waits where that is an old one', async () => {
      const group = await createGroup()
      const probe = await startProbe(group)
      await eventually('it has all', has(probe, 8))
      const [partition] = group.partitions as [TopicPartition]
      const producer = await context.kafka.transactionalProducer(uniqueName('tx'))
      const stale = { ...probe.consumer.membership!, generationId: 0 }
      const members: (GroupMembership | undefined)[] = [stale, probe.consumer.membership]
      await producer.transact({
        records: encoded(partition.topic),
        groupId: group.groupId,
        offsets: [{ ...partition, offset: 1n, metadata: 'm' }],
        member: () => members.shift(),
      })
      expect(members).toEqual([])
      const found = await context.kafka.groupOffsets(group.groupId, [partition])
      expect([...found.values()]).toEqual([{ offset: 1n, metadata: 'm' }])
      await producer.close()
    })

    test('can be stopped while it joins, and does not start on a topic that does not exist', async () => {
      const group = await createGroup()
      const hasty = new ConsumerProbe(context.kafka, { ...group, groupProtocol: 'consumer' })
      const refused = expect(hasty.consumer.start()).rejects.toMatchObject({ code: 'CONSUMER_FAILED' }) // prettier-ignore
      await hasty.consumer.stop()
      await refused
      const missing = startProbe({ partitions: [{ topic: uniqueName('topic'), partition: 0 }] })
      await expect(missing).rejects.toMatchObject({ code: 'TOPIC_MISSING' })
    })
  })
}
