import { NO_HEADERS } from '../../../src/model/headers.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { Processor } from '../../../src/topology/processor/processor.ts'
import { stores } from '../../../src/topology/processor/store-builder.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { TimeWindows } from '../../../src/topology/windows/time-windows.ts'
import { append } from './append.ts'

const { string } = serdes
const strings = { key: string, value: string }

/** What the clockwork reads and writes. */
export const CLOCKWORK_TOPICS = {
  timed: 'timed',
  left: 'left',
  right: 'right',
  closed: 'closed',
  suppressed: 'suppressed',
  rung: 'rung',
  punctuated: 'punctuated',
  joined: 'joined',
} as const

export const WINDOW_MS = 1_000
export const GRACE_MS = 500
/** After the last entry of a key its alarm rings. */
export const ALARM_MS = 700
const PUNCTUATION_MS = 900
/** Entries of two sides meet that are so near. */
export const JOIN_MS = 1_500
/** No entry is too late for its partners, whichever side is ahead. */
const JOIN_GRACE_MS = 1_000_000

const windows = TimeWindows.of({ sizeMs: WINDOW_MS, graceMs: GRACE_MS })
const heard = stores.keyValue({ name: 'heard', ...strings })
/** Where what was not told yet waits for the next punctuation. */
export const WAITING = 'waiting'
const waiting = stores.keyValue({ name: WAITING, ...strings })

/** Tells what has come of a key once nothing has for a while: each new entry sets the timer anew. */
const alarm = (): Processor<string, string> => ({
  process: async ({ key, value, timestamp }, context) => {
    const store = context.store(heard)
    store.put(key, append(key, value, (await store.get(key)) ?? ''))
    context.timers.set(key, timestamp + ALARM_MS)
  },
  onTimer: async ({ key, at }, context) => {
    const list = await context.store(heard).delete(key)
    await context.forward({ key, value: `${list}@${at}`, timestamp: at, headers: NO_HEADERS })
  },
})

/** Tells from time to time, by stream time, what has come to the task since. */
const rounds = (): Processor<string, string> => ({
  init: (context) => {
    context.schedule(PUNCTUATION_MS, 'stream-time', async (timestamp) => {
      const value = await context.store(waiting).delete('all')
      if (value !== undefined)
        await context.forward({ key: context.taskId, value, timestamp, headers: NO_HEADERS })
    })
  },
  process: async ({ key, value }, context) => {
    const store = context.store(waiting)
    store.put('all', append(key, value, (await store.get('all')) ?? ''))
  },
})

/**
 * State that goes by time: windows that are told when they close, by the store and by `suppress`, timers, punctuations, and a join of
 * two streams.
 */
export function clockwork(): Topology {
  const builder = new StreamsBuilder()
  const { timed, left, right, closed, suppressed, rung, punctuated, joined } = CLOCKWORK_TOPICS
  const entries = builder.stream(timed, strings)
  const lists = { init: () => '', add: append, value: string }
  const windowed = () => entries.groupByKey().windowedBy(windows)
  windowed()
    .emitStrategy('on-window-close')
    .aggregate({ ...lists, store: 'closed' })
    .toStream(({ key, start }) => `${key}@${start}`)
    .to(closed, strings)
  windowed()
    .aggregate({ ...lists, store: 'windows' })
    .suppress({ until: 'window-closes' })
    .toStream(({ key, start }) => `${key}@${start}`)
    .to(suppressed, strings)
  entries.process({ get: alarm }, { name: 'alarm', stores: [heard] }).to(rung, strings)
  entries.process({ get: rounds }, { name: 'rounds', stores: [waiting] }).to(punctuated, strings)
  builder
    .stream(left, strings)
    .join(builder.stream(right, strings), (one, other) => `${one}+${other}`, {
      ...{ beforeMs: JOIN_MS, afterMs: JOIN_MS, graceMs: JOIN_GRACE_MS, store: 'pairs' },
    })
    .to(joined, strings)
  return builder.build()
}
