import { describe, expect, test } from '@jest/globals'
import { RelayHolder } from '../../../src/runtime/relay-holder.ts'
import { ApplicationWorld } from '../../support/application-world.ts'
import { deferred } from '../../support/deferred.ts'
import { silentTelemetry } from '../../support/telemetry.ts'
import { ToyKafka } from '../../support/toy-kafka.ts'
import type { ToyProducer } from '../../support/toy-producer.ts'
import { until } from '../../support/turns.ts'

/** A producer is initialised when a test says so, and it is known which are open. */
class SlowKafka extends ToyKafka {
  readonly initialised = deferred()
  readonly open = new Set<string>()

  override async transactionalProducer(transactionalId: string): Promise<ToyProducer> {
    await this.initialised.promise
    this.open.add(transactionalId)
    const producer = await super.transactionalProducer(transactionalId)
    producer.close = async () => void this.open.delete(transactionalId)
    return producer
  }
}

function holderOn(kafka: ToyKafka): RelayHolder {
  return new RelayHolder({
    kafka,
    applicationId: 'app',
    member: () => undefined,
    telemetry: silentTelemetry(),
    onFailed: () => undefined,
    onPublished: () => undefined,
  })
}

describe('a producer', () => {
  test('of a member without tasks is ready before its first', async () => {
    const world = await ApplicationWorld.create()
    const member = await world.start()
    await until('the producer', () => world.kafka.journal.length > 0)
    const [prepared] = world.kafka.journal
    expect(prepared).toMatch(/^init app-/)
    member.assign(0)
    await world.owns(member, [0])
    expect(`init ${(await world.row('0_0')).transactionalId}`).toBe(prepared)
    await world.close()
  })

  test('is the same for all who ask while it is being initialised', async () => {
    const kafka = new SlowKafka({})
    const relays = holderOn(kafka)
    const asked = [relays.prepare(), relays.transactionalId(), relays.transactionalId()]
    kafka.initialised.resolve()
    const [, first, second] = await Promise.all(asked)
    expect(first).toBe(second)
    expect(kafka.open.size).toBe(1)
  })

  test('that is given up while it is being initialised is closed; the next has an id of its own', async () => {
    const kafka = new SlowKafka({})
    const relays = holderOn(kafka)
    const prepared = relays.transactionalId()
    const givenUp = relays.giveUp()
    kafka.initialised.resolve()
    await givenUp
    expect(kafka.open.size).toBe(0)
    expect(await relays.transactionalId()).not.toBe(await prepared)
  })

  test('that cannot be prepared is asked for again', async () => {
    const kafka = new ToyKafka({})
    const relays = holderOn(kafka)
    kafka.isUnreachable = true
    await relays.prepare()
    kafka.isUnreachable = false
    expect(kafka.journal).toEqual([])
    expect(await relays.transactionalId()).toMatch(/^app-[0-9a-f]{16}-2$/)
  })
})
