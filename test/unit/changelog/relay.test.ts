import { describe, expect, test } from '@jest/globals'
import { Relay } from '../../../src/changelog/relay.ts'
import type { RelayBatch } from '../../../src/changelog/relay-batch.ts'
import type { TaskId } from '../../../src/model/task-id.ts'
import { encoded, position, valuesOf } from '../../support/memory-state.ts'
import { ScriptedProducer } from '../../support/scripted-producer.ts'
import { silentTelemetry } from '../../support/telemetry.ts'
import { turns, until } from '../../support/turns.ts'

function batch(taskId: TaskId, sequence: bigint): RelayBatch {
  const partition = Number(taskId.split('_')[1])
  return {
    taskId,
    sequence,
    rows: [{ sequence, part: 0 }],
    positions: [position(partition, sequence * 10n), position(partition, sequence, 'other')],
    records: encoded(`${taskId}#${sequence}`),
  }
}

function setUp() {
  const producer = new ScriptedProducer()
  const failures: unknown[] = []
  let published = 0
  const relay = new Relay({
    producer,
    groupId: 'app',
    telemetry: silentTelemetry(),
    onFailed: (error) => void failures.push(error),
    onPublished: () => void published++,
  })
  const opened = async () => {
    await until('a transaction', () => producer.open.length > 0)
    return producer.open[0]!
  }
  const acknowledge = async () => {
    const open = await opened()
    open.acknowledge()
    await turns(2)
    return open.transaction
  }
  return { producer, relay, failures, opened, acknowledge, published: () => published }
}

describe('a relay', () => {
  test('publishes in the order in which batches came', async () => {
    const { relay, acknowledge } = setUp()
    relay.enqueue([batch('0_0', 1n), batch('0_1', 1n), batch('0_0', 2n)])
    expect(valuesOf(await acknowledge())).toEqual(['0_0#1', '0_1#1', '0_0#2'])
  })

  test('has one transaction at a time, and whatever waits meanwhile goes into the next', async () => {
    const { relay, producer, opened, acknowledge } = setUp()
    relay.enqueue([batch('0_0', 1n)])
    await opened()
    relay.enqueue([batch('0_0', 2n)])
    relay.enqueue([batch('0_0', 3n)])
    await turns()
    expect(producer.transactions).toHaveLength(1)
    await acknowledge()
    expect(valuesOf(await acknowledge())).toEqual(['0_0#2', '0_0#3'])
  })

  test('every transaction commits all source partitions of each task in it, with the newest sequence', async () => {
    const { relay, acknowledge } = setUp()
    relay.enqueue([batch('0_0', 1n), batch('0_1', 7n), batch('0_0', 2n)])
    const { offsets, groupId } = await acknowledge()
    expect(groupId).toBe('app')
    expect(
      offsets.map(({ topic, partition, offset, metadata }) => [topic, partition, offset, metadata]),
    ).toEqual([
      ['in', 0, 20n, 'rowstream:2'],
      ['other', 0, 2n, 'rowstream:2'],
      ['in', 1, 70n, 'rowstream:7'],
      ['other', 1, 7n, 'rowstream:7'],
    ])
  })

  test('publishes progress that has no records', async () => {
    const { relay, acknowledge } = setUp()
    relay.enqueue([{ ...batch('0_0', 0n), rows: [], records: [] }])
    const { records, offsets } = await acknowledge()
    expect([records.length, offsets.length]).toEqual([0, 2])
  })

  test('hands out no row before its transaction is acknowledged', async () => {
    const { relay, opened } = setUp()
    relay.enqueue([batch('0_0', 1n)])
    await opened()
    expect(relay.takePublished('0_0')).toEqual([])
    expect(relay.hasPublished('0_0')).toBe(false)
  })

  test('hands out a published row once', async () => {
    const { relay, acknowledge } = setUp()
    relay.enqueue([batch('0_0', 1n), batch('0_1', 4n)])
    await acknowledge()
    expect(relay.hasPublished('0_0')).toBe(true)
    expect(relay.takePublished('0_0')).toEqual([{ sequence: 1n, part: 0 }])
    expect(relay.takePublished('0_0')).toEqual([])
    expect(relay.takePublished('0_1')).toEqual([{ sequence: 4n, part: 0 }])
  })

  test('hands out rows that were found published already', () => {
    const { relay } = setUp()
    relay.addPublished('0_0', [{ sequence: 1n, part: 0 }])
    relay.addPublished('0_0', [{ sequence: 2n, part: 0 }])
    expect(relay.takePublished('0_0').map(({ sequence }) => sequence)).toEqual([1n, 2n])
  })

  test('forgets the rows of a task that is not ours any more', async () => {
    const { relay, acknowledge } = setUp()
    relay.enqueue([batch('0_0', 1n)])
    await acknowledge()
    relay.forget('0_0')
    expect(relay.takePublished('0_0')).toEqual([])
  })

  test('says when something was published', async () => {
    const { relay, acknowledge, published } = setUp()
    relay.enqueue([batch('0_0', 1n)])
    expect(published()).toBe(0)
    await acknowledge()
    expect(published()).toBe(1)
  })

  test('is idle when nothing waits and nothing is under way', async () => {
    const { relay, opened, acknowledge } = setUp()
    expect(relay.isIdle).toBe(true)
    relay.enqueue([batch('0_0', 1n)])
    await opened()
    expect(relay.isIdle).toBe(false)
    await acknowledge()
    expect(relay.isIdle).toBe(true)
  })

  test('starts anew for a batch that comes after it was idle', async () => {
    const { relay, acknowledge } = setUp()
    relay.enqueue([batch('0_0', 1n)])
    await acknowledge()
    relay.enqueue([batch('0_0', 2n)])
    expect(valuesOf(await acknowledge())).toEqual(['0_0#2'])
  })

  test('begins what is expected while it is idle, and ends exactly that', async () => {
    const { relay, producer, opened, acknowledge } = setUp()
    const batches = [batch('0_0', 1n), batch('0_1', 1n)]
    relay.expect(batches)
    expect(producer.begun.map(valuesOf)).toEqual([['0_0#1', '0_1#1']])
    relay.settle([...batches])
    expect((await opened()).transaction).toBe(producer.begun[0])
    relay.expect([batch('0_0', 2n)])
    expect(producer.begun).toHaveLength(1)
    await acknowledge()
  })

  test('does not end what it has begun when a task of it was fenced', async () => {
    const { relay, producer, opened, acknowledge } = setUp()
    const [fenced, durable] = [batch('0_0', 1n), batch('0_1', 1n)]
    relay.expect([fenced, durable])
    relay.settle([durable])
    expect((await opened()).transaction).not.toBe(producer.begun[0])
    expect(valuesOf(await acknowledge())).toEqual(['0_1#1'])
  })

  test('what comes from elsewhere waits until the commit is settled', async () => {
    const { relay, producer, acknowledge } = setUp()
    const expected = [batch('0_0', 1n)]
    relay.expect(expected)
    relay.enqueue([batch('0_1', 5n)])
    await turns()
    expect(producer.transactions).toHaveLength(0)
    relay.settle(expected)
    expect(await acknowledge()).toBe(producer.begun[0])
    expect(valuesOf(await acknowledge())).toEqual(['0_1#5'])
  })

  test('a task’s progress never goes back: what came before a commit goes before it', async () => {
    const { relay, producer, acknowledge } = setUp()
    const expected = [batch('0_0', 2n)]
    relay.expect(expected)
    relay.enqueue([batch('0_0', 1n)])
    relay.settle(expected)
    const transaction = await acknowledge()
    expect(valuesOf(transaction)).toEqual(['0_0#1', '0_0#2'])
    expect(transaction.offsets.map(({ metadata }) => metadata)).toEqual([
      'rowstream:2',
      'rowstream:2',
    ])
    expect(producer.transactions).toHaveLength(1)
  })

  test('mere progress of a task is not needed where its next batch brings it along', async () => {
    const { relay, producer, acknowledge } = setUp()
    const expected = [batch('0_0', 2n)]
    relay.expect(expected)
    relay.enqueue([{ ...batch('0_0', 1n), rows: [], records: [] }])
    relay.settle(expected)
    expect(await acknowledge()).toBe(producer.begun[0])
    expect(producer.transactions).toHaveLength(1)
    expect(relay.isIdle).toBe(true)
    expect(await relay.drain()).toBe(true)
  })

  test('ends what it prepared when nothing came of it, once', async () => {
    const { relay, producer, acknowledge } = setUp()
    relay.expect([batch('0_0', 1n)])
    relay.settle([])
    expect(await acknowledge()).toMatchObject({ records: [], offsets: [] })
    relay.settle([])
    await turns()
    expect(producer.transactions).toHaveLength(1)
    expect(relay.isIdle).toBe(true)
  })
})
