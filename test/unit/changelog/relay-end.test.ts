import { describe, expect, test } from '@jest/globals'
import { Relay } from '../../../src/changelog/relay.ts'
import type { RelayBatch } from '../../../src/changelog/relay-batch.ts'
import { TransactionUnknownError } from '../../../src/errors/kafka-errors.ts'
import { deferred } from '../../support/deferred.ts'
import { encoded, position } from '../../support/memory-state.ts'
import { ScriptedProducer } from '../../support/scripted-producer.ts'
import { signalsAt, silentTelemetry } from '../../support/telemetry.ts'
import { turns, until } from '../../support/turns.ts'

const batch = (sequence: bigint): RelayBatch => ({
  taskId: '0_0',
  sequence,
  rows: [{ sequence, part: 0 }],
  positions: [position(0, sequence)],
  records: encoded(`#${sequence}`),
})

function setUp(telemetry = silentTelemetry()) {
  const producer = new ScriptedProducer()
  const failures: unknown[] = []
  const relay = new Relay({
    producer,
    groupId: 'app',
    telemetry,
    onFailed: (error) => void failures.push(error),
    onPublished: () => undefined,
  })
  return { producer, relay, failures }
}

async function failed() {
  const parts = setUp()
  parts.relay.enqueue([batch(1n)])
  await until('a transaction', () => parts.producer.open.length > 0)
  parts.relay.enqueue([batch(2n)])
  const error = new TransactionUnknownError('app-1')
  parts.producer.open[0]!.fail(error)
  await turns()
  return { ...parts, error }
}

describe('a relay whose transaction failed', () => {
  test('says so once', async () => {
    const { failures, error } = await failed()
    expect(failures).toEqual([error])
  })

  test('publishes nothing more', async () => {
    const { relay, producer } = await failed()
    relay.enqueue([batch(3n)])
    await turns()
    expect(producer.transactions).toHaveLength(1)
    expect(relay.isIdle).toBe(true)
  })

  test('does not hand out rows whose outcome is unknown', async () => {
    const { relay } = await failed()
    expect(relay.takePublished('0_0')).toEqual([])
  })

  test('does not keep whoever waits for it', async () => {
    const { relay } = await failed()
    await expect(relay.drain()).resolves.toBe(false)
  })
})

describe('draining a relay', () => {
  test('ends when everything that waited is published', async () => {
    const { relay, producer } = setUp()
    relay.enqueue([batch(1n)])
    await until('a transaction', () => producer.open.length > 0)
    relay.enqueue([batch(2n)])
    let isDrained = false
    const drained = relay.drain().then(() => (isDrained = true))
    producer.open[0]!.acknowledge()
    await until('the second', () => producer.open.length > 0 && producer.transactions.length === 2)
    expect(isDrained).toBe(false)
    producer.open[0]!.acknowledge()
    await drained
    expect(relay.takePublished('0_0')).toHaveLength(2)
  })

  test('does not wait for what comes meanwhile: under load there is always more', async () => {
    const { relay, producer } = setUp()
    relay.enqueue([batch(1n)])
    await until('a transaction', () => producer.open.length > 0)
    const drained = relay.drain()
    relay.enqueue([batch(2n)])
    producer.open[0]!.acknowledge()
    await expect(drained).resolves.toBe(true)
  })

  test('of an idle relay ends at once', async () => {
    await expect(setUp().relay.drain()).resolves.toBe(true)
  })
})

describe('a relay that is given nothing', () => {
  test('publishes what comes next', async () => {
    const { relay, producer } = setUp()
    relay.settle([])
    relay.enqueue([batch(1n)])
    await until('a transaction', () => producer.open.length > 0, 200)
  })
})

describe('a relay that was closed', () => {
  test('gives its producer up without deciding anything, and takes no more', async () => {
    const { relay, producer, failures } = setUp()
    relay.enqueue([batch(1n)])
    await until('a transaction', () => producer.open.length > 0)
    relay.enqueue([batch(2n)])
    await relay.close()
    producer.open[0]!.fail(new TransactionUnknownError('app-1'))
    relay.enqueue([batch(3n)])
    await relay.drain()
    expect(producer.isClosed).toBe(true)
    expect(producer.transactions).toHaveLength(1)
    expect(failures).toEqual([])
  })
})

describe('a relay that a test stops', () => {
  test('at “committed” has begun no Kafka transaction', async () => {
    const gate = deferred()
    const telemetry = silentTelemetry({ signals: signalsAt('committed', () => gate.promise) })
    const { relay, producer } = setUp(telemetry)
    relay.enqueue([batch(1n)])
    await turns()
    expect(producer.transactions).toHaveLength(0)
    gate.resolve()
    await until('a transaction', () => producer.open.length > 0)
  })

  test('at “end-txn” has sent everything but EndTxn', async () => {
    const gate = deferred()
    const telemetry = silentTelemetry({ signals: signalsAt('end-txn', () => gate.promise) })
    const { relay, producer } = setUp(telemetry)
    relay.enqueue([batch(1n)])
    await until('a transaction', () => producer.transactions.length === 1)
    await turns()
    expect(producer.open).toHaveLength(0)
    gate.resolve()
    await until('EndTxn', () => producer.open.length > 0)
  })
})
