/** Checked by the compiler only: what the serdes of a registry are, and which options go together. */
import { schemaRegistry, topicName } from '../../src/serdes/schema-registry/index.ts'
import type { Serde } from '../../src/serdes/serde.ts'
import { serdes } from '../../src/serdes/serdes.ts'
import type { KStream } from '../../src/topology/dsl/dsl.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Fails to compile unless the type of the value is exactly `Expected`. */
function is<Expected>() {
  return <Actual>(_value: Actual, _equal: Equal<Actual, Expected>): void => undefined
}

interface Order {
  readonly customer: string
}

const registry = schemaRegistry({ host: 'http://localhost:8081', auth: { username: 'a' } })
const order = registry.serde<Order>({ type: 'avro', subject: topicName('orders', 'value') })
is<Serde<Order>>()(order, true)

const orders = new StreamsBuilder().stream('orders', { key: serdes.string, value: order })
is<KStream<string, Order>>()(orders, true)
orders.filter((_, { customer }) => customer !== '').to('copy')
orders.mapValues(({ customer }) => customer).to('customers', { value: serdes.string })

// Without a type a value is unknown: nothing is promised.
is<Serde<unknown>>()(registry.serde({ type: 'json' }), true)

registry.serde({ type: 'protobuf', message: 'Order' })
// @ts-expect-error only a file of Protobuf has several messages
registry.serde({ type: 'avro', message: 'Order' })
// @ts-expect-error only Avro reads values as another schema has them
registry.serde({ type: 'json', readerSchema: {} })
// @ts-expect-error there is no such way to write
registry.serde({ type: 'avro', write: 'auto' })
