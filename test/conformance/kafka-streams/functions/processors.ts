import { NO_HEADERS } from '../../../../src/model/headers.ts'
import type { StreamRecord } from '../../../../src/model/stream-record.ts'
import type { Serde } from '../../../../src/serdes/serde.ts'
import { serdes } from '../../../../src/serdes/serdes.ts'
import type { PunctuationType } from '../../../../src/topology/processing/punctuation.ts'
import type { ProcessorContext } from '../../../../src/topology/processor/processor-context.ts'
import type { ProcessorSupplier } from '../../../../src/topology/processor/processor.ts'
import type { KeyValueStore } from '../../../../src/topology/processor/state-store.ts'
import { stores, type StoreBuilder } from '../../../../src/topology/processor/store-builder.ts'
import { serdeOf, type Building, type Carried, type Key } from '../building.ts'
import { SpecError } from '../spec-error.ts'
import type { ScenarioNode, Value, ValueType } from '../scenario.ts'
import { splitFunction, str, throwIf, toValue } from './values.ts'

type Input = StreamRecord<Key, Value>
type Context = ProcessorContext<Key, Value>
type KeyValues<V> = StoreBuilder<KeyValueStore<NonNullable<Key>, V>>

/** A processor of a scenario, the stores that it uses, and the type of the values that it forwards. */
export interface ScenarioProcessor {
  readonly processor: ProcessorSupplier<Key, Value, Key, Value>
  readonly stores: readonly StoreBuilder[]
  readonly type: ValueType
}

/** Where a processor stands. */
interface Place {
  readonly node: ScenarioNode
  readonly building: Building
  readonly type: ValueType
  readonly argument: string
}

/** The processor of a node's `fn`. */
export function processorOf(
  node: ScenarioNode,
  building: Building,
  type: ValueType,
): ScenarioProcessor {
  const [name, argument] = splitFunction(node.fn!)
  const create = PROCESSORS[name]
  if (!create) throw new SpecError(`no processor ${node.fn}`)
  return create({ node, building, type, argument })
}

/** Stores hold texts; to the compiler keys may be windowed. */
const KEY = serdes.string as unknown as Serde<NonNullable<Key>>

const PROCESSORS: Readonly<Record<string, (place: Place) => ScenarioProcessor>> = {
  dedup: (place) => {
    const store = keyValues<Carried>(place, place.type)
    return withStore(store, place.type, async (record, context) => {
      const { key, value } = record
      if (key === null) return context.forward(record)
      const known = context.store(store)
      if (value !== null && (await known.get(key)) === value) return
      known.put(key, value)
      await context.forward(record)
    })
  },

  countByKey: (place) => {
    const store = keyValues<Carried>(place, 'long')
    return withStore(store, 'long', async (record, context) => {
      if (record.key === null) return
      const counts = context.store(store)
      const count = (((await counts.get(record.key)) ?? 0n) as bigint) + 1n
      counts.put(record.key, count)
      await context.forward({ ...record, value: count })
    })
  },

  lastTimestamp: ({ node, building, type }) => {
    const options = { name: node.store!, key: KEY, value: serdeOf(type) }
    const store = building.storeOf(node.store!, () => stores.timestampedKeyValue(options))
    return withStore(store, 'string', async (record, context) => {
      const { key, value, timestamp } = record
      if (key === null) return
      const last = context.store(store)
      const before = await last.get(key)
      last.put(key, value === null ? null : { value, timestamp })
      const text = before ? `${str(before.value)}@${before.timestamp}` : 'none'
      await context.forward({ ...record, value: text })
    })
  },

  windowCount: ({ node, building }) => {
    const windows = { windowSizeMs: node.windowMs!, retentionMs: node.retentionMs! }
    const options = { name: node.store!, key: KEY, value: serdes.int64, ...windows }
    const store = building.storeOf(node.store!, () => stores.window(options))
    return withStore(store, 'long', async (record, context) => {
      const { key, timestamp } = record
      if (key === null) return
      const counted = context.store(store)
      await counted.put(key, 1n, timestamp)
      const from = Math.max(0, timestamp - node.windowMs!)
      const found = await counted.fetch(key, from, timestamp)
      await context.forward({ ...record, value: BigInt(found.length) })
    })
  },

  punctuator: ({ node, building }) => {
    const options = { name: `${node.id}-punctuator`, key: serdes.string, value: serdes.int64 }
    // What it counts has to last longer than the task: scenarios run with restarts too.
    const store = building.storeOf(options.name, () => stores.keyValue(options))
    const add = async (context: Context, name: string, by: bigint) => {
      const counts = context.store(store)
      const count = ((await counts.get(name)) ?? 0n) + by
      counts.put(name, count)
      return count
    }
    return {
      stores: [store],
      type: 'long',
      processor: {
        get: () => ({
          init: (context) => {
            const schedule = context.schedule(node.intervalMs!, typeOf(node), async (timestamp) => {
              const value = await add(context, 'seen', 0n)
              context.store(store).put('seen', 0n)
              if ((await add(context, 'fired', 1n)) === BigInt(node.cancelAfter ?? -1))
                schedule.cancel()
              await context.forward({ key: 'punct', value, timestamp, headers: NO_HEADERS })
            })
          },
          process: async (_, context) => void (await add(context, 'seen', 1n)),
        }),
      },
    }
  },

  bufferUntilPunctuate: (place) => {
    const store = keyValues<Carried>(place, place.type)
    const forwardAll = async (context: Context, timestamp: number) => {
      const held = context.store(store)
      for await (const [key, value] of held.all()) {
        held.put(key, null)
        await context.forward({ key, value, timestamp, headers: NO_HEADERS })
      }
    }
    return {
      stores: [store],
      type: place.type,
      processor: {
        get: () => ({
          init: (context) => {
            context.schedule(place.node.intervalMs!, typeOf(place.node), (timestamp) =>
              forwardAll(context, timestamp),
            )
          },
          process: ({ key, value }, context) => {
            if (key !== null) context.store(store).put(key, toValue(value))
          },
        }),
      },
    }
  },

  addHeader: ({ type }) =>
    stateless(type, (record, context) => {
      const header = ['p', Buffer.from(str(record.value))] as const
      return context.forward({ ...record, headers: [...record.headers, header] })
    }),

  shiftTimestamp: ({ type, argument }) =>
    stateless(type, (record, context) =>
      context.forward({ ...record, timestamp: record.timestamp + Number(argument) }),
    ),

  forwardTwice: ({ type }) =>
    stateless(type, (record, context) => {
      void context.forward(record)
      return context.forward({ ...record, key: `${str(record.key)}'` })
    }),

  twice: ({ type }) =>
    stateless(type, (record, context) => {
      void context.forward(record)
      return context.forward({ ...record, timestamp: record.timestamp + 1 })
    }),

  metadata: () =>
    stateless('string', (record, context) => {
      const at = context.recordMetadata
      const value = at ? `${at.topic}/${at.partition}/${at.offset}` : 'null/-1/-1'
      return context.forward({ ...record, value })
    }),

  streamTime: () =>
    stateless('long', (record, context) =>
      context.forward({ ...record, value: BigInt(context.currentStreamTimeMs) }),
    ),

  throwOn: ({ type, argument }) =>
    stateless(type, (record, context) => {
      throwIf(record.value, argument)
      return context.forward(record)
    }),

  put: (place) => {
    const store = shared(place)
    return withStore(store, place.type, (record, context) => {
      if (record.key === null) return
      context.store(store).put(record.key, record.value)
      return context.forward(record)
    })
  },

  lookup: (place) => {
    const store = shared(place)
    return withStore(store, 'string', async (record, context) => {
      const stored = record.key === null ? undefined : await context.store(store).get(record.key)
      await context.forward({ ...record, value: `(${str(record.value)},${str(stored ?? null)})` })
    })
  },
}

function stateless(
  type: ValueType,
  process: (record: Input, context: Context) => void | Promise<void>,
): ScenarioProcessor {
  const processor: ScenarioProcessor['processor'] = {
    get: () => ({
      process: (record, context) => process({ ...record, value: toValue(record.value) }, context),
    }),
  }
  return { stores: [], type, processor }
}

function withStore(
  store: StoreBuilder,
  type: ValueType,
  process: (record: Input, context: Context) => void | Promise<void>,
): ScenarioProcessor {
  return { ...stateless(type, process), stores: [store] }
}

function keyValues<V extends Carried>({ node, building }: Place, type: ValueType): KeyValues<V> {
  const options = { name: node.store!, key: KEY, value: serdeOf(type) }
  return building.storeOf(node.store!, () => stores.keyValue(options)) as KeyValues<V>
}

/** A store that the scenario declares for several processors. */
function shared(place: Place): KeyValues<Carried> {
  const declared = place.building.scenario.stateStores?.find(
    ({ name }) => name === place.node.store,
  )
  return keyValues(place, declared?.value ?? place.type)
}

function typeOf({ type }: ScenarioNode): PunctuationType {
  return type === 'wallClock' ? 'wall-clock' : 'stream-time'
}
