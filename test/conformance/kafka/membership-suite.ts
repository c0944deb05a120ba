import { afterEach, describe, expect, test } from '@jest/globals'
import type { GroupMembership } from '../../../src/kafka/group-membership.ts'
import type { TransactionalProducer } from '../../../src/kafka/transactional-producer.ts'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
import { createTopic, type SuiteContext } from './suite-context.ts'
import { ConsumerProbe, type ProbeOptions } from './support/consumer-probe.ts'
import { eventually } from './support/eventually.ts'
import { uniqueName } from './support/names.ts'
import { encoded, record } from './support/records.ts'

/** Static members (KIP-345), and offsets that only a member of the group commits (KIP-447). */
export function membershipSuite(context: SuiteContext): void {
  const probes: ConsumerProbe[] = []
  const producers: TransactionalProducer[] = []
  afterEach(async () => {
    await Promise.all(producers.splice(0).map((producer) => producer.close()))
    await Promise.all(probes.map(({ consumer }) => consumer.stop({ leaveGroup: true })))
    expect(probes.splice(0).flatMap(({ violations }) => violations)).toEqual([])
  })

  const startProbe = async (options: ProbeOptions): Promise<ConsumerProbe> => {
    const probe = new ConsumerProbe(context.kafka, options)
    probes.push(probe)
    await probe.consumer.start()
    return probe
  }

  /** Two static members, `one` the leader and `two`, that share four partitions. */
  const startPair = async () => {
    const partitions = await createTopic(context.kafka, 4)
    const group = { partitions, groupId: uniqueName('group'), fetchesAll: true }
    const one = await startProbe({ ...group, groupInstanceId: 'one' })
    const two = await startProbe({ ...group, groupInstanceId: 'two' })
    await eventually('they share', () => one.assigned.length === 2 && two.assigned.length === 2)
    return { group, one, two, topic: partitions[0]!.topic }
  }

  describe('a static member', () => {
    test.each(['one', 'two'] as const)(
      'that starts again within its session has what it had, and the others hear nothing: %s',
      async (groupInstanceId) => {
        const { group, topic, ...pair } = await startPair()
        const { [groupInstanceId]: gone } = pair
        const other = groupInstanceId === 'one' ? pair.two : pair.one
        const before = other.assignments.length
        await gone.consumer.stop()
        const back = await startProbe({ ...group, groupInstanceId })
        expect(back.assigned).toEqual(gone.assigned)
        await context.kafka.produce([0, 1, 2, 3].map((partition) => record(topic, { partition })))
        for (const probe of [back, other])
          for (const partition of probe.assignments.at(-1)!) await probe.reaches(partition, 1n)
        expect(other.assignments).toHaveLength(before)
      },
    )

    test('that has come back takes part in what comes after', async () => {
      const { group, one, two } = await startPair()
      await one.consumer.stop()
      const back = await startProbe({ ...group, groupInstanceId: 'one' })
      const third = await startProbe(group)
      const members = [back, two, third]
      const all = () => members.flatMap(({ assigned }) => assigned).toSorted()
      await eventually('all is shared out once', () => all().join() === one.assignments[0]!.map(({ topic, partition }) => `${topic}-${partition}`).join()) // prettier-ignore
      expect(members.map(({ assigned }) => assigned.length).toSorted()).toEqual([1, 1, 2])
    })

    test('stops when another one starts under its instance id', async () => {
      const { group, one, two } = await startPair()
      const before = two.assignments.length
      const younger = await startProbe({ ...group, groupInstanceId: 'one' })
      await eventually('the older one has failed', () => one.failures.length > 0)
      expect(one.failures).toMatchObject([{ code: 'INSTANCE_FENCED' }])
      expect(younger.assigned).toEqual(one.assigned)
      expect([younger.failures, two.failures]).toEqual([[], []])
      expect(two.assignments).toHaveLength(before)
    })

    test('leaves when it is told to', async () => {
      const { one, two } = await startPair()
      const stoppedAt = performance.now()
      await one.consumer.stop({ leaveGroup: true })
      await eventually('the other has all', () => two.assigned.length === 4)
      expect(performance.now() - stoppedAt).toBeLessThan(5_000)
    })

    test('is given up when its session is over', async () => {
      const { one, two } = await startPair()
      await one.consumer.stop()
      expect(two.assigned).toHaveLength(2)
      await eventually('the other has all', () => two.assigned.length === 4)
    }, 30_000)
  })

  describe('offsets of a member', () => {
    /** Commits offset 1 as the members that are given one after the other, and answers how many were asked for. */
    const commit = async (
      { topic, partition }: TopicPartition,
      groupId: string,
      members: readonly (GroupMembership | undefined)[],
    ): Promise<number> => {
      const producer = await context.kafka.transactionalProducer(uniqueName('tx'))
      producers.push(producer)
      let asked = 0
      await producer.transact({
        records: encoded(topic, { partition }),
        groupId,
        offsets: [{ topic, partition, offset: 1n, metadata: '' }],
        member: () => members[Math.min(asked++, members.length - 1)],
      })
      return asked
    }

    test('are committed while it is one', async () => {
      const { group, one } = await startPair()
      const [partition] = group.partitions as [TopicPartition]
      expect(await commit(partition, group.groupId, [one.consumer.membership])).toBe(1)
      expect((await context.kafka.groupOffsets(group.groupId, [partition])).size).toBe(1)
    })

    test.each(['that is none for a moment', 'of an earlier generation', 'that was removed'])(
      'wait for one %s',
      async (what) => {
        const { group, one, two } = await startPair()
        const { membership } = two.consumer
        const stale = {
          'that is none for a moment': undefined,
          'of an earlier generation': {
            ...membership!,
            generationId: membership!.generationId - 1,
          },
          'that was removed': { ...membership!, memberId: 'nobody', groupInstanceId: null },
        }[what]
        const [partition] = group.partitions as [TopicPartition]
        const members = [stale, stale, one.consumer.membership]
        expect(await commit(partition, group.groupId, members)).toBe(3)
      },
    )

    test('are refused once another one has its instance id', async () => {
      const { group, one } = await startPair()
      const { membership } = one.consumer
      await startProbe({ ...group, groupInstanceId: 'one' })
      const [partition] = group.partitions as [TopicPartition]
      const committed = commit(partition, group.groupId, [membership])
      await expect(committed).rejects.toMatchObject({ code: 'TRANSACTION_UNKNOWN' })
      expect(await context.kafka.groupOffsets(group.groupId, [partition])).toEqual(new Map())
    })
  })
}
