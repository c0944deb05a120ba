import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { memory } from '../../src/database/memory/index.ts'
import { recordName, topicRecordName } from '../../src/serdes/schema-registry/index.ts'
import type { Serde } from '../../src/serdes/serde.ts'
import { serdes } from '../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import { schemaRegistryUrl, uniqueName } from './support/environment.ts'
import { orderSchema, RegistryWorld, type Order } from './support/registry-world.ts'

const describeWithRegistry = schemaRegistryUrl ? describe : describe.skip
const ANN: Order = { customer: 'ann', amount: 5 }
const BOB: Order = { customer: 'bob', amount: 7 }
const schema = orderSchema()
const noteWithDefault = { name: 'note', type: 'string', default: 'none' }

let world: RegistryWorld
beforeEach(async () => {
  if (schemaRegistryUrl) world = await RegistryWorld.open()
})
afterEach(async () => {
  if (schemaRegistryUrl) await world.close()
})

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const soon = () => new Promise((resolve) => setTimeout(resolve, 50))

describeWithRegistry('values come back, and their bytes are those of Confluent', () => {
  test('Avro', async () => {
    const serde = world.serde({ schema })
    const [bytes] = await world.bytes(serde, ANN)
    expect(bytes![0]).toBe(0)
    expect(Buffer.from(bytes!.subarray(5)).toString('hex')).toBe('06616e6e0a')
    expect(serde.deserialize(bytes!)).toEqual(ANN)
    expect(serde.column.fromCell(serde.column.toCell(ANN))).toEqual(ANN)
  })

  test('JSON Schema', async () => {
    const json = { type: 'object', title: 'Order', properties: { amount: { type: 'number' } } }
    const serde = world.serde({ type: 'json', schema: json })
    const [bytes] = await world.bytes(serde, ANN)
    expect(Buffer.from(bytes!.subarray(5)).toString()).toBe('{"customer":"ann","amount":5}')
    expect(serde.deserialize(bytes!)).toEqual(ANN)
  })

  const file = `syntax = "proto3"; package shop;
    enum Kind { NONE = 0; } message Other { int32 n = 1; }
    message Order { string customer = 1; int32 amount = 2; message Line { int64 count = 1; } }`

  test.each([
    { message: 'Other', value: { n: 3 }, hex: '000803' },
    { message: 'Order', value: ANN, hex: '02020a03616e6e1005' },
    { message: 'Order.Line', value: { count: 0 }, hex: '040200' },
  ])('Protobuf, with the place of $message in its file', async ({ message, value, hex }) => {
    const serde = world.serde<object>({ type: 'protobuf', schema: file, message })
    const [bytes] = await world.bytes(serde, value)
    const written = Buffer.from(bytes!.subarray(5)).toString('hex')
    expect(message === 'Other' ? written : written.slice(0, hex.length)).toBe(hex)
    expect(Object.keys(serde.deserialize(bytes!))).toEqual(Object.keys(value))
  })

  test('Protobuf: another message of the file is read', async () => {
    const order = world.serde<object>({ type: 'protobuf', schema: file, message: 'Order' })
    const other = world.serde<object>({ type: 'protobuf', schema: file, message: 'Other' })
    const [bytes] = await world.bytes(order, ANN)
    await world.bytes(other, { n: 1 })
    expect(other.deserialize(bytes!)).toEqual(ANN)
  })
})

describeWithRegistry('records of other producers', () => {
  test('are read in order, and each schema is fetched once however many wait', async () => {
    const [old] = await world.bytes(world.serde({ schema }), ANN)
    const newer = world.serde({ schema: orderSchema(noteWithDefault) })
    const [young] = await world.bytes(newer, { ...BOB, note: 'x' })
    const { input, output } = await world.copy(world.serde())
    world.door.requests.length = 0
    await input.pipeInputs([old!, young!, old!, young!].map((value) => ({ value })))
    const names = output.readValues().map((order) => order!.customer)
    expect(names).toEqual(['ann', 'bob', 'ann', 'bob'])
    expect(world.door.requests).toHaveLength(2)
  })

  test('are read as the reader has it: with the defaults of fields that they lack', async () => {
    const [bytes] = await world.bytes(world.serde({ schema }), ANN)
    const readerSchema = orderSchema(noteWithDefault)
    const { input, output } = await world.copy(world.serde({ readerSchema }))
    await input.pipeInput({ value: bytes! })
    expect(output.readValue()).toEqual({ ...ANN, note: 'none' })
  })

  test('wait while the registry is down, and go on when it is back', async () => {
    const [bytes] = await world.bytes(world.serde({ schema }), ANN)
    const { input, output } = await world.copy(world.serde())
    world.door.isShut = true
    const piping = input.pipeInput({ value: bytes! })
    await soon()
    world.door.isShut = false
    await piping
    expect(output.readValue()).toEqual(ANN)
  })

  test('stop the application when it stays down, naming url and record', async () => {
    const [bytes] = await world.bytes(world.serde({ schema }), ANN)
    const { input } = await world.copy(world.serde(), { taskTimeoutMs: 100 })
    world.door.isShut = true
    const error: unknown = await input.pipeInput({ value: bytes! }).catch((cause: unknown) => cause)
    expect(error).toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      position: { topic: 'in', partition: 0, offset: 0n },
    })
    expect(String(error)).toContain(world.door.url)
  })

  const unknownId = Uint8Array.of(0, 0x7f, 0, 0, 1, 2)
  test.each([
    {
      what: 'an id that the registry does not have',
      bytes: unknownId,
      says: /is not in the registry/,
    },
    { what: 'another format', bytes: Buffer.from('{"a":1}'), says: /not in Confluent's format/ },
    { what: 'too few bytes', bytes: Uint8Array.of(0, 0), says: /2 bytes are too few/ },
  ])('with $what go to the failure policy', async ({ bytes, says }) => {
    const [good] = await world.bytes(world.serde({ schema }), ANN)
    const errors: { code: string; message: string }[] = []
    const deserialization = (error: (typeof errors)[0]): 'skip' => {
      errors.push(error)
      return 'skip'
    }
    const onError = { deserialization }
    const { input, output } = await world.copy(world.serde(), { onError })
    await input.pipeInputs([{ value: bytes }, { value: good! }])
    expect(output.readValues()).toEqual([ANN])
    expect(errors).toMatchObject([{ code: 'DESERIALIZATION_FAILED', position: { offset: 0n } }])
    expect(errors[0]!.message).toMatch(says)
  })
})

describeWithRegistry('what is written', () => {
  const builderTo = (value: Serde<Order>) => {
    const builder = new StreamsBuilder()
    builder.stream('in', { key: serdes.string, value: serdes.json<Order>() }).to('out', { value })
    return builder
  }

  test('has the schema that was registered at the start', async () => {
    const value = world.serde({ schema })
    const driver = await world.drive(builderTo(value), {})
    const json = { key: serdes.string, value: serdes.json<Order>() }
    await driver.createInputTopic('in', json).pipeInput({ value: ANN })
    const output = driver.createOutputTopic('out', { key: serdes.string, value })
    expect(output.readValue()).toEqual(ANN)
    const answer = await fetch(`${world.door.url}/subjects/${world.subject}/versions`)
    expect(await answer.json()).toEqual([1])
  })

  test('stops the start when its schema is incompatible, naming the subject', async () => {
    await world.bytes(world.serde({ schema }), ANN)
    await world.setLevel('BACKWARD')
    const added = { name: 'added', type: 'string' }
    const start = world.drive(builderTo(world.serde({ schema: orderSchema(added) })), {})
    const error: unknown = await start.catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'SCHEMA_INCOMPATIBLE' })
    expect(String(error)).toMatch(`subject ${world.subject}`)
  })

  test('may follow where it is compatible, whatever the level of the subject', async () => {
    await world.bytes(world.serde({ schema }), ANN)
    await world.setLevel('FULL')
    await world.bytes(world.serde({ schema: orderSchema(noteWithDefault) }), { ...ANN, note: 'x' })
  })

  test('stops the start when the registry stays down', async () => {
    world.door.isShut = true
    const start = world.drive(builderTo(world.serde({ schema })), { taskTimeoutMs: 100 })
    await expect(start).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
  })

  test('names the path of a field that does not fit its schema', async () => {
    const nested = { type: 'record', name: 'Line', fields: [{ name: 'product', type: 'string' }] }
    const value = world.serde({ schema: orderSchema({ name: 'line', type: nested }) })
    const driver = await world.drive(builderTo(value), {})
    const json = { key: serdes.string, value: serdes.json<object>() }
    const input = driver.createInputTopic('in', json)
    const error: unknown = await input
      .pipeInput({ value: { ...ANN, line: { product: 3 } } })
      .catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'SERIALIZATION_FAILED', position: { offset: 0n } })
    expect(String(error)).toMatch('line.product: number where the schema has string')
  })

  test.each(['registered', 'latest'] as const)(
    'with write %s is never registered',
    async (write) => {
      const options = { schema, write }
      const missing = world.bytes(world.serde(options), ANN)
      await expect(missing).rejects.toMatchObject({ code: 'SCHEMA_MISSING' })
      const [first] = await world.bytes(world.serde({ schema }), ANN)
      expect(await world.bytes(world.serde(options), ANN)).toEqual([first])
    },
  )

  test('stands under the subject that the strategy makes of the name of the record', async () => {
    const topic = uniqueName('topic')
    const named = { ...schema, name: uniqueName('Order').replaceAll('-', '_') }
    for (const subject of [recordName, topicRecordName(topic)])
      await world.bytes(world.serde({ schema: named, subject }), ANN)
    const subjects = await (await fetch(`${world.door.url}/subjects`)).json()
    expect(subjects).toEqual(expect.arrayContaining([`shop.${named.name}`, `${topic}-shop.${named.name}`])) // prettier-ignore
  })

  test('needs a subject', async () => {
    const value = world.serde({ schema, subject: undefined } as never)
    const start = world.drive(builderTo(value), {})
    await expect(start).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' })
  })
})

describeWithRegistry('rows of a store', () => {
  test('that an earlier version of the application wrote are read as this one has them', async () => {
    const database = memory()
    const table = (value: Serde<Order>) => {
      const builder = new StreamsBuilder()
      const orders = builder.table('in', { key: serdes.string, value, store: 'orders' })
      orders.toStream().to('out', { value: serdes.json<Order>() })
      return builder
    }
    const input = { key: serdes.string, value: serdes.bytes }
    const first = world.serde({ schema })
    const [ann, bob] = await world.bytes(first, ANN, BOB)
    const before = await world.drive(table(first), { database })
    await before.createInputTopic('in', input).pipeInput({ key: 'a', value: ann! })
    await before.close()

    const second = world.serde({ schema: orderSchema(noteWithDefault) })
    const after = await world.drive(table(second), { database })
    await after.createInputTopic('in', input).pipeInput({ key: 'b', value: bob! })
    const rows = after.getKeyValueStore<string, Order>('orders')
    expect(plain(await rows.get('a'))).toEqual({ ...ANN, note: 'none' })
    expect(plain(await rows.get('b'))).toEqual({ ...BOB, note: 'none' })
  })
})
