import { afterEach, describe, expect, test } from '@jest/globals'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
import { createTopic, type SuiteContext } from './suite-context.ts'
import { ConsumerProbe, type ProbeOptions } from './support/consumer-probe.ts'
import { eventually } from './support/eventually.ts'
import { uniqueName } from './support/names.ts'
import { openTransaction } from './support/open-transaction.ts'
import { record } from './support/records.ts'

export function groupSuite(context: SuiteContext): void {
  describe('a group consumer', () => {
    const probes: ConsumerProbe[] = []
    afterEach(async () => {
      await Promise.all(probes.map(({ consumer }) => consumer.stop()))
      expect(probes.splice(0).flatMap(({ violations }) => violations)).toEqual([])
    })

    const createProbe = (options: ProbeOptions): ConsumerProbe => {
      const probe = new ConsumerProbe(context.kafka, options)
      probes.push(probe)
      return probe
    }

    const startProbe = async (options: ProbeOptions): Promise<ConsumerProbe> => {
      const probe = createProbe(options)
      await probe.consumer.start()
      return probe
    }

    /** A topic of one partition with the texts 0, 1, 2, … */
    const createLog = async (length: number): Promise<TopicPartition> => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      await append(partition, 0, length)
      return partition
    }

    const append = (
      { topic, partition }: TopicPartition,
      from: number,
      to: number,
    ): Promise<void> =>
      context.kafka.produce(
        numbers(from, to).map((i) => record(topic, { partition, text: `${i}` })),
      )

    test('is assigned its partitions before start resolves, and gets nothing until it fetches', async () => {
      const [first, second] = (await createTopic(context.kafka, 2)) as [
        TopicPartition,
        TopicPartition,
      ]
      await append(first, 0, 3)
      const probe = await startProbe({ partitions: [first, second] })
      expect(probe.assigned).toEqual([`${first.topic}-0`, `${first.topic}-1`])
      probe.fetchFrom(second, 0n)
      await append(second, 0, 1)
      await probe.reaches(second, 1n)
      expect(probe.texts).toEqual(['0'])
    })

    test('reads on from an offset in the middle of what was one batch', async () => {
      const partition = await createLog(100)
      const probe = await startProbe({ partitions: [partition] })
      probe.fetchFrom(partition, 37n)
      await append(partition, 100, 110)
      await probe.reaches(partition, 110n)
      expect(probe.texts).toEqual(numbers(37, 110).map(String))
    })

    test('moves to another offset while it reads', async () => {
      const partition = await createLog(1_000)
      const probe = await startProbe({ partitions: [partition] })
      probe.fetchFrom(partition, 0n)
      probe.fetchFrom(partition, 500n)
      await probe.reaches(partition, 1_000n)
      expect(probe.texts).toEqual(numbers(500, 1_000).map(String))
      probe.fetchFrom(partition, 990n)
      await probe.reaches(partition, 1_000n)
      expect(probe.texts.slice(500)).toEqual(numbers(990, 1_000).map(String))
    })

    test('says how far the partition goes', async () => {
      const partition = await createLog(10)
      const probe = await startProbe({ partitions: [partition], fetchesAll: true })
      await probe.reaches(partition, 10n)
      expect(probe.batches.at(-1)?.endOffset).toBe(10n)
    })

    test('knows how long ago a partition was empty, which it is not while a transaction is open', async () => {
      const partition = await createLog(3)
      const probe = await startProbe({ partitions: [partition] })
      const isEmpty = () => probe.consumer.emptyAgo(partition) < 5_000
      expect(isEmpty()).toBe(false)
      probe.fetchFrom(partition, 0n)
      await eventually('the end is known', isEmpty)
      expect(probe.texts).toEqual(['0', '1', '2'])
      const open = await openTransaction(context.kafka, [record(partition.topic, { partition: 0 })])
      probe.fetchFrom(partition, 3n)
      await new Promise((resolve) => setTimeout(resolve, 700))
      expect(isEmpty()).toBe(false)
      await open.commit()
      await eventually('the end is known again', isEmpty)
      expect(probe.texts).toHaveLength(4)
      await probe.consumer.stop()
      expect(isEmpty()).toBe(false)
    })

    test('delivers nothing of a paused partition, and goes on there when it is resumed', async () => {
      const [paused, other] = (await createTopic(context.kafka, 2)) as [
        TopicPartition,
        TopicPartition,
      ]
      const probe = await startProbe({ partitions: [paused, other], fetchesAll: true })
      await append(paused, 0, 1)
      await probe.reaches(paused, 1n)
      probe.consumer.pause(paused)
      probe.fetchFrom(paused, 1n)
      await append(paused, 1, 5)
      await append(other, 0, 5)
      await probe.reaches(other, 5n)
      await append(other, 5, 6)
      await probe.reaches(other, 6n)
      expect(probe.nextOffset(paused)).toBe(1n)
      probe.consumer.resume(paused)
      await probe.reaches(paused, 5n)
    })

    test('starts all its partitions at once, however many are paused again', async () => {
      const partitions = await createTopic(context.kafka, 6)
      const probe = await startProbe({ partitions, fetchesAll: true })
      for (let round = 0; round < 5; round++) {
        for (const partition of partitions) {
          probe.consumer.pause(partition)
          await append(partition, round, round + 1)
        }
        for (const partition of partitions) probe.consumer.resume(partition)
        for (const partition of partitions) await probe.reaches(partition, BigInt(round + 1))
      }
    })

    test('ignores partitions that are not its own', async () => {
      const partition = await createLog(1)
      const stranger = await createLog(1)
      const probe = await startProbe({ partitions: [partition] })
      probe.consumer.fetchFrom(stranger, 0n)
      probe.consumer.pause(stranger)
      probe.consumer.resume(stranger)
      probe.fetchFrom(partition, 0n)
      await probe.reaches(partition, 1n)
      expect(probe.batches.map(({ topic }) => topic)).toEqual([partition.topic])
    })

    test('shares with a second member as the assignor of the leader says', async () => {
      const partitions = await createTopic(context.kafka, 4)
      const groupId = uniqueName('group')
      const first = await startProbe({ partitions, groupId, userData: 'one', fetchesAll: true })
      expect(first.assigned).toHaveLength(4)
      const second = await startProbe({ partitions, groupId, userData: 'two', fetchesAll: true })
      await eventually('the first has half', () => first.assigned.length === 2)
      expect(second.assigned).toHaveLength(2)
      expect([...first.assigned, ...second.assigned].sort()).toEqual(keysOf(partitions))
      const seen = [...first.assignor.seen, ...second.assignor.seen].find(
        (members) => members.length === 2,
      )
      expect(seen?.map(({ userData }) => Buffer.from(userData).toString()).sort()).toEqual([
        'one',
        'two',
      ])
      const ids = seen?.map(({ memberId }) => `for ${memberId}`).sort()
      expect([first.words.at(-1), second.words.at(-1)].sort()).toEqual(ids)
    })

    test('that has something new to tell tells it when it announces', async () => {
      const partitions = await createTopic(context.kafka, 2)
      const groupId = uniqueName('group')
      const first = await startProbe({ partitions, groupId, userData: 'one' })
      const second = await startProbe({ partitions, groupId, userData: 'two' })
      const wasTold = () => {
        const seen = [...first.assignor.seen, ...second.assignor.seen].flat()
        return seen.some(({ userData }) => Buffer.from(userData).toString() === 'three')
      }
      second.assignor.said = 'three'
      const before = second.assignments.length
      second.consumer.announce()
      await eventually('the leader was told', wasTold)
      await eventually('there is a new assignment', () => second.assignments.length > before)
      expect([first.assigned, second.assigned].flat().sort()).toEqual(keysOf(partitions))
    })

    test('that stops without leaving keeps its partitions until its session is over', async () => {
      const partitions = await createTopic(context.kafka, 2)
      const groupId = uniqueName('group')
      const first = await startProbe({ partitions, groupId })
      const second = await startProbe({ partitions, groupId })
      await eventually('sharing', () => first.assigned.length === 1)
      const stoppedAt = performance.now()
      await second.consumer.stop({ leaveGroup: false })
      await eventually('the first has all', () => first.assigned.length === 2)
      expect(performance.now() - stoppedAt).toBeGreaterThan(2_000)
    }, 20_000)

    test('gets nothing of a partition that has moved to another member', async () => {
      const partitions = await createTopic(context.kafka, 2)
      const groupId = uniqueName('group')
      const first = await startProbe({ partitions, groupId, fetchesAll: true })
      const isDone = { value: false }
      const producing = produceUntil(isDone, () =>
        Promise.all(partitions.map((partition) => append(partition, 0, 50))),
      )
      await eventually('the first reads', () => first.batches.length > 5)
      const second = await startProbe({ partitions, groupId, fetchesAll: true })
      await eventually(
        'both have one',
        () => first.assigned.length === 1 && second.assigned.length === 1,
      )
      const atMove = first.batches.length
      await eventually(
        'both read on',
        () => first.batches.length > atMove + 5 && second.batches.length > 5,
      )
      isDone.value = true
      await producing
      const strange = first.batches
        .slice(atMove)
        .filter((batch) => !first.assigned.includes(`${batch.topic}-${batch.partition}`))
      expect(strange).toEqual([])
    })

    test('gets nothing from a position of an earlier assignment, also where the partition stays its own', async () => {
      const [partition, other] = (await createTopic(context.kafka, 2)) as [
        TopicPartition,
        TopicPartition,
      ]
      await append(partition, 0, 2_000)
      const probe = await startProbe({ partitions: [partition, other] })
      for (let round = 0; round < 5; round++) {
        const [before, read] = [probe.assignments.length, probe.batches.length]
        probe.fetchFrom(partition, 0n)
        await eventually('it reads', () => probe.batches.length > read)
        // There is more for this one when the assignment has come.
        probe.fetchFrom(partition, BigInt(500 + round))
        probe.consumer.announce()
        await eventually('a new assignment', () => probe.assignments.length > before)
        const delivered = probe.batches.length
        await append(partition, 2_000 + round, 2_001 + round)
        probe.fetchFrom(other, BigInt(round))
        await append(other, round, round + 1)
        await probe.reaches(other, BigInt(round + 1))
        const since = probe.batches.slice(delivered)
        expect(since.filter((batch) => batch.partition === partition.partition)).toEqual([])
      }
      const before = probe.texts.length
      probe.fetchFrom(partition, 1_990n)
      await probe.reaches(partition, 2_005n)
      expect(probe.texts.slice(before)).toEqual(numbers(1_990, 2_005).map(String))
    })

    test('that joins in the middle of another rebalance shares everything once', async () => {
      const partitions = await createTopic(context.kafka, 6)
      const groupId = uniqueName('group')
      const join = () => createProbe({ partitions, groupId, fetchesAll: true })
      const members = [join(), join(), join()]
      const starting = members.map(({ consumer }) => consumer.start())
      await Promise.race(starting)
      members.push(join())
      for (const { consumer } of members) consumer.announce()
      await Promise.all([...starting, members[3]!.consumer.start()])
      const all = () => members.flatMap(({ assigned }) => assigned).toSorted()
      await eventually('all is shared out once', () => all().join() === keysOf(partitions).join())
      await Promise.all(partitions.map((partition) => append(partition, 0, 1)))
      const isRead = (probe: ConsumerProbe) =>
        probe.assignments.at(-1)!.every((partition) => probe.nextOffset(partition) === 1n)
      await eventually('each reads its own', () => members.every(isRead))
    })

    test('reads a topic of 64 partitions', async () => {
      const partitions = await createTopic(context.kafka, 64)
      const probe = await startProbe({ partitions, fetchesAll: true })
      expect(probe.assigned).toHaveLength(64)
      await context.kafka.produce(
        partitions.map(({ topic, partition }) =>
          record(topic, { partition, text: `${partition}` }),
        ),
      )
      for (const partition of partitions) await probe.reaches(partition, 1n)
      expect(probe.texts.map(Number).toSorted((a, b) => a - b)).toEqual(numbers(0, 64))
    })

    test('takes over what a member leaves behind that stops', async () => {
      const partitions = await createTopic(context.kafka, 2)
      const groupId = uniqueName('group')
      const first = await startProbe({ partitions, groupId, fetchesAll: true })
      const second = await startProbe({ partitions, groupId, fetchesAll: true })
      await eventually(
        'both have one',
        () => first.assigned.length === 1 && second.assigned.length === 1,
      )
      await second.consumer.stop()
      await eventually('the first has both again', () => first.assigned.length === 2)
      await append(partitions[0]!, 0, 1)
      await append(partitions[1]!, 0, 1)
      await first.reaches(partitions[0]!, 1n)
      await first.reaches(partitions[1]!, 1n)
    })

    test('is told of an assignment without partitions', async () => {
      const partitions = await createTopic(context.kafka, 1)
      const groupId = uniqueName('group')
      const members = [
        await startProbe({ partitions, groupId }),
        await startProbe({ partitions, groupId }),
      ]
      await eventually('one has nothing', () =>
        members.some(({ assigned }) => assigned.length === 0),
      )
      expect(members.flatMap(({ assigned }) => assigned)).toEqual(keysOf(partitions))
    })

    test('can be stopped before it was started, twice, and started again', async () => {
      const partition = await createLog(2)
      const probe = createProbe({ partitions: [partition], fetchesAll: true })
      await probe.consumer.stop()
      await probe.consumer.start()
      await probe.reaches(partition, 2n)
      await probe.consumer.stop()
      await probe.consumer.stop()
      const delivered = probe.batches.length
      await append(partition, 2, 3)
      expect(probe.batches).toHaveLength(delivered)
      await probe.consumer.start()
      await probe.reaches(partition, 3n)
      expect(probe.texts.slice(-3)).toEqual(['0', '1', '2'])
    })

    test('that is stopped while it joins is no member, and holds up nobody', async () => {
      const partitions = await createTopic(context.kafka, 2)
      const groupId = uniqueName('group')
      const hasty = createProbe({ partitions, groupId })
      const starting = hasty.consumer.start()
      const refused = expect(starting).rejects.toMatchObject({ code: 'CONSUMER_FAILED' })
      await hasty.consumer.stop()
      await refused
      const patient = await startProbe({ partitions, groupId })
      await eventually('everything is assigned', () => patient.assigned.length === 2)
    })

    test('does not start on a topic that does not exist', async () => {
      const probe = createProbe({ partitions: [{ topic: uniqueName('topic'), partition: 0 }] })
      await expect(probe.consumer.start()).rejects.toMatchObject({ code: 'TOPIC_MISSING' })
    })

    test.each([
      ['before the start of the log', 1n],
      ['after its end', 99n],
    ])('fails for an offset %s instead of jumping', async (_where, offset) => {
      const [broken, other] = (await createTopic(context.kafka, 2)) as [
        TopicPartition,
        TopicPartition,
      ]
      await append(broken, 0, 5)
      await context.kafka.deleteRecords([{ ...broken, offset: 3n }])
      const probe = await startProbe({ partitions: [broken, other] })
      probe.fetchFrom(broken, offset)
      await eventually('the failure', () => probe.failures.length > 0)
      expect(probe.failures).toMatchObject([{ code: 'OFFSET_OUT_OF_RANGE' }])
      await append(broken, 5, 6)
      probe.fetchFrom(other, 0n)
      await append(other, 0, 1)
      await probe.reaches(other, 1n)
      expect(probe.nextOffset(broken)).toBe(offset)
    })

    test('waits at the end of a log that is empty but for deleted records', async () => {
      const partition = await createLog(4)
      await context.kafka.deleteRecords([{ ...partition, offset: 4n }])
      const probe = await startProbe({ partitions: [partition] })
      probe.fetchFrom(partition, 4n)
      await append(partition, 4, 5)
      await probe.reaches(partition, 5n)
      expect(probe.failures).toEqual([])
    })
  })
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

function keysOf(partitions: readonly TopicPartition[]): string[] {
  return partitions.map(({ topic, partition }) => `${topic}-${partition}`).sort()
}

async function produceUntil(
  isDone: { value: boolean },
  produce: () => Promise<unknown>,
): Promise<void> {
  while (!isDone.value) await produce()
}
