import {
  schemaRegistry,
  type RegistrySerdeOptions,
  type SchemaRegistrySerdes,
} from '../../../src/serdes/schema-registry/index.ts'
import type { Serde } from '../../../src/serdes/serde.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { TopologyTestDriver } from '../../../src/testing/topology-test-driver.ts'
import type { TopologyTestDriverOptions } from '../../../src/testing/topology-test-driver-options.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { schemaRegistryUrl, uniqueName } from './environment.ts'
import { RegistryDoor } from './registry-door.ts'

/** The schema of {@link Order}, with more fields if need be. */
export function orderSchema(...fields: object[]): object {
  const own = [
    { name: 'customer', type: 'string' },
    { name: 'amount', type: 'int' },
  ]
  return { type: 'record', name: 'Order', namespace: 'shop', fields: [...own, ...fields] }
}

export interface Order {
  readonly customer: string
  readonly amount: number
  readonly note?: string
}

/** A registry behind a door, a subject that no other test uses, and a topology between them. */
export class RegistryWorld {
  readonly subject = `${uniqueName('orders')}-value`
  readonly door: RegistryDoor
  #driver: TopologyTestDriver | undefined

  private constructor(door: RegistryDoor) {
    this.door = door
  }

  static async open(): Promise<RegistryWorld> {
    return new RegistryWorld(await RegistryDoor.open(schemaRegistryUrl!))
  }

  /** Serdes that know nothing yet, as in another process. */
  registry(): SchemaRegistrySerdes {
    return schemaRegistry({ host: this.door.url })
  }

  serde<T = Order>(options: Partial<RegistrySerdeOptions> = {}): Serde<T> {
    const { subject } = this
    return this.registry().serde<T>({ type: 'avro', subject, ...options })
  }

  /** What another producer writes. */
  async bytes<T>(serde: Serde<T>, ...values: T[]): Promise<Uint8Array[]> {
    await serde.prepare!({ isWritten: true })
    return values.map((value) => serde.serialize(value))
  }

  /** Sets the compatibility level of the subject. */
  async setLevel(compatibility: string): Promise<void> {
    const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
    const body = JSON.stringify({ compatibility })
    await fetch(`${this.door.url}/config/${this.subject}`, { method: 'PUT', headers, body })
  }

  /** A topology from `in` to `out`, whose output is JSON. */
  async copy(value: Serde<Order>, options: TopologyTestDriverOptions = {}) {
    const builder = new StreamsBuilder()
    builder.stream('in', { key: serdes.string, value }).to('out', { value: serdes.json<Order>() })
    const driver = await this.drive(builder, options)
    const { string, json, bytes } = serdes
    return {
      input: driver.createInputTopic('in', { key: string, value: bytes }),
      output: driver.createOutputTopic('out', { key: string, value: json<Order>() }),
    }
  }

  async drive(
    builder: StreamsBuilder,
    options: TopologyTestDriverOptions,
  ): Promise<TopologyTestDriver> {
    this.#driver = await TopologyTestDriver.open(builder.build(), options)
    return this.#driver
  }

  async close(): Promise<void> {
    await this.#driver?.close()
    await this.door.close()
  }
}
