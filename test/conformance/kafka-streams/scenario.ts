import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Windowed } from '../../../src/model/windowed.ts'
import { SpecError } from './spec-error.ts'

/** Types of values: Java's String and Long. Keys are strings. */
export type ValueType = 'string' | 'long'

/** A value while it is processed; a Long is a bigint. */
export type Value = string | bigint | null

/** A key while it is processed: plain, or of a window. */
export type Key = string | null | Windowed<string>

/** A key in a scenario's result. */
export type JsonKey =
  string | null | { readonly key: string; readonly start: number; readonly end: JsonValue }

/** A value in a scenario: a long beyond the safe integers is `{ long }`, in decimal. */
export type JsonValue = string | number | { readonly long: string } | null

/** Headers in a scenario. */
export type JsonHeaders = readonly (readonly [name: string, value: string | null])[]

/** An operator of a scenario; which of the fields it has depends on `op`. */
export interface ScenarioNode {
  readonly id?: string
  readonly op: string
  readonly in?: string | readonly string[]
  readonly fn?: string
  readonly keyFn?: string
  readonly valueFn?: string
  readonly init?: string
  readonly subtractor?: string
  readonly topic?: string
  readonly topicPrefix?: string
  readonly topics?: readonly string[]
  readonly timestampExtractor?: string
  readonly kind?: 'inner' | 'left' | 'outer'
  readonly joiner?: string
  readonly versionedMs?: number
  readonly fkFn?: string
  readonly until?: 'windowCloses' | 'timeLimit'
  readonly timeLimitMs?: number
  readonly maxRecords?: number
  readonly maxBytes?: number
  readonly full?: 'emitEarly' | 'shutdown'
  readonly beforeMs?: number
  readonly afterMs?: number
  readonly graceMs?: number
  readonly name?: string
  readonly store?: string
  readonly type?:
    'tumbling' | 'hopping' | 'sliding' | 'session' | 'unlimited' | 'streamTime' | 'wallClock'
  readonly sizeMs?: number
  readonly advanceMs?: number
  readonly differenceMs?: number
  readonly gapMs?: number
  readonly startMs?: number
  readonly emit?: 'onWindowUpdate' | 'onWindowClose'
  readonly retentionMs?: number
  readonly merger?: string
  readonly streams?: readonly { readonly in: string; readonly fn: string }[]
  readonly value?: ValueType
  readonly cache?: boolean
  readonly intervalMs?: number
  readonly cancelAfter?: number
  readonly windowMs?: number
  readonly branches?: readonly { readonly id: string; readonly fn: string }[]
  readonly default?: string
}

/** A record to pipe in: `valueHex` in place of `value` is raw bytes. Without a topic it is a step of the wall clock. */
export interface ScenarioInput {
  readonly advanceWallClockMs?: number
  readonly topic?: string
  readonly key?: string | null
  readonly value?: JsonValue
  readonly valueHex?: string
  readonly ts: number
  readonly headers?: JsonHeaders
}

/** A topology for Kafka Streams and what is piped into it. */
export interface Scenario {
  readonly id: string
  readonly config?: {
    readonly caching?: boolean
    readonly startWallClockMs?: number
    readonly processingHandler?: 'fail' | 'continue'
    readonly deserializationHandler?: 'fail' | 'continue'
    readonly optimize?: 'none' | 'all'
    /** The dead letter topic. */
    readonly dlq?: string
  }
  readonly topics: Readonly<Record<string, ValueType>>
  readonly stateStores?: readonly { readonly name: string; readonly value: ValueType }[]
  readonly nodes: readonly ScenarioNode[]
  readonly input: readonly ScenarioInput[]
}

/** A record that was produced; `step` is the index of the input that caused it. */
export interface ResultRecord {
  readonly step: number
  readonly topic: string
  readonly key: JsonKey
  /** Not of dead letters: these have `valueHex`. */
  readonly value?: JsonValue
  readonly valueHex?: string | null
  readonly ts: number
  readonly headers: JsonHeaders
}

/** What a peek saw. */
export interface Effect {
  readonly step: number
  readonly node: string
  readonly key: JsonKey
  readonly value: JsonValue
}

/** A row of a store when all is done. */
export interface ResultRow {
  readonly key: JsonKey
  readonly value: JsonValue
  /** Sessions have none, nor have stores of processors that keep none. */
  readonly ts?: number
  /** Of a version; null for the latest. */
  readonly validTo?: number | null
}

/** What came of a scenario; after an error there are no stores. */
export interface Result {
  readonly outputs: readonly ResultRecord[]
  readonly effects?: readonly Effect[]
  readonly stores?: Readonly<
    Record<string, { readonly type: string; readonly entries: readonly ResultRow[] }>
  >
  readonly dropped: number
  readonly error?: { readonly step: number; readonly kind: string; readonly message?: string }
  /** Fields in which Kafka Streams' own stores differ from each other. */
  readonly storeSensitive?: readonly string[]
}

/** A scenario, and what Kafka Streams made of it. */
export interface Case {
  readonly scenario: Scenario
  readonly expected: Result
}

/** @throws SpecError when a line holds no scenario. */
export function parseScenario(line: string): Scenario {
  let parsed: Partial<Scenario> | null
  try {
    parsed = JSON.parse(line) as Partial<Scenario> | null
  } catch (error) {
    throw new SpecError(`not JSON: ${line.slice(0, 80)}`, { cause: error })
  }
  const { id, topics, nodes, input } = parsed ?? {}
  const isWhole = typeof id === 'string' && typeof topics === 'object' && topics !== null
  if (!isWhole || !Array.isArray(nodes) || !Array.isArray(input))
    throw new SpecError('a scenario has an id, topics, nodes and input')
  return parsed as Scenario
}

/** All scenarios, by family, as `select-scenarios.mjs` left them. */
export function readScenarios(): Map<string, Case[]> {
  const folder = join(import.meta.dirname, 'scenarios')
  const families = readdirSync(folder).toSorted()
  return new Map(
    families.map((file) => {
      const lines = readFileSync(join(folder, file), 'utf8').trim().split('\n')
      return [file.replace('.jsonl', ''), lines.map((line) => JSON.parse(line) as Case)]
    }),
  )
}

/** A number that is always the same for a scenario. */
export function seedOf(id: string): number {
  return [...id].reduce((seed, character) => (seed * 31 + character.charCodeAt(0)) % 2 ** 31, 7)
}
