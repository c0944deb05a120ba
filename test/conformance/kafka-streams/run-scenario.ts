import { StreamsError } from '../../../src/errors/streams-error.ts'
import type { Headers } from '../../../src/model/headers.ts'
import type { FailureDecision } from '../../../src/runtime/task/failure-policy.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { TopologyTestDriverOptions } from '../../../src/testing/topology-test-driver-options.ts'
import type { TestStoreEntry } from '../../../src/testing/test-key-value-store.ts'
import { TopologyTestDriver } from '../../../src/testing/topology-test-driver.ts'
import { buildTopology, type BuiltTopology, type NamedStore } from './build-topology.ts'
import { serdeOf } from './building.ts'
import { systemClock } from '../../../src/telemetry/clock.ts'
import { DropCounter } from './drop-counter.ts'
import { keySerde, keyToJson } from './functions/windowed-keys.ts'
import { fromJson, toJson } from './functions/values.ts'
import type { Random } from '../../support/random.ts'
import type {
  Effect,
  JsonHeaders,
  JsonKey,
  Key,
  Result,
  ResultRecord,
  ResultRow,
  Scenario,
  ScenarioInput,
  ValueType,
} from './scenario.ts'
import { SpecError } from './spec-error.ts'
import { UnsupportedError } from './unsupported-error.ts'

const { string, bytes } = serdes

/** What the scenario itself does not say. */
export interface RunOptions extends Pick<
  TopologyTestDriverOptions,
  'database' | 'schema' | 'onError'
> {
  /** Restarts after a record where this gives less than a fifth. */
  readonly restarts?: Random
  /** Caches on, and 2 to 50 records between commits, as this says. */
  readonly commits?: Random
}

/** Runs a scenario on the TopologyTestDriver and says what came of it, in the form of what is expected. */
export async function runScenario(scenario: Scenario, options: RunOptions = {}): Promise<Result> {
  let run: ScenarioRun
  try {
    run = new ScenarioRun(scenario, options)
    await run.open()
  } catch (error) {
    if (!isRefused(error)) throw error
    return {
      outputs: [],
      dropped: 0,
      error: { step: -1, kind: 'topology', message: error.message },
    }
  }
  try {
    return await run.result()
  } finally {
    await run.close()
  }
}

class ScenarioRun {
  readonly #scenario: Scenario
  readonly #options: RunOptions
  readonly #built: BuiltTopology
  readonly #effects: Effect[] = []
  readonly #outputs: ResultRecord[] = []
  readonly #drops = new DropCounter()
  #step = -1
  #driver!: TopologyTestDriver

  constructor(scenario: Scenario, options: RunOptions) {
    this.#scenario = scenario
    this.#options = options
    this.#built = buildTopology(scenario, {
      isCaching: options.commits !== undefined || scenario.config?.caching === true,
      combines: options.commits !== undefined,
      onPeek: (node, key, value) =>
        this.#effects.push({ step: this.#step, node, key: keyToJson(key), value: toJson(value) }),
    })
  }

  async open(): Promise<void> {
    const { config } = this.#scenario
    const { dlq } = config ?? {}
    const { restarts: _, commits, ...surroundings } = this.#options
    const startedAt = config?.startWallClockMs ?? 0
    this.#driver = await TopologyTestDriver.open(this.#built.topology, {
      applicationId: 'oracle',
      cache: commits !== undefined || (config?.caching ?? false),
      clock: { ...systemClock, now: () => startedAt },
      ...(commits && { commitsAfter: everyFew(commits) }),
      logger: this.#drops.logger,
      onError: {
        processing: config?.processingHandler === 'continue' ? this.#onBad : 'fail',
        deserialization: this.#onUnreadable,
      },
      ...(dlq !== undefined && { deadLetterQueueTopic: dlq }),
      ...surroundings,
    })
  }

  /** Kafka's driver leaves out what it cannot read of a global table, whatever the scenario says. */
  readonly #onUnreadable = ({ position }: StreamsError): FailureDecision => {
    const { config, nodes } = this.#scenario
    const isGlobal = nodes.some(
      ({ op, topic }) => op === 'globalTable' && topic === position?.topic,
    )
    if (isGlobal) return 'skip'
    return config?.deserializationHandler === 'continue' ? this.#onBad : 'fail'
  }

  /** With a dead letter topic, Kafka's handlers that go on write to it. */
  get #onBad(): FailureDecision {
    return this.#scenario.config?.dlq === undefined ? 'skip' : 'dead-letter'
  }

  async result(): Promise<Result> {
    const error = await this.#pipeAll()
    const effects = this.#effects.length > 0 ? { effects: this.#effects } : {}
    const rest = { outputs: this.#outputs, ...effects, dropped: this.#drops.count }
    return error ? { ...rest, error } : { ...rest, stores: await this.#stores() }
  }

  async close(): Promise<void> {
    await this.#driver.close()
  }

  /** The run stops at the first error; nothing of its step is reported. */
  async #pipeAll(): Promise<Result['error']> {
    for (const [step, input] of this.#scenario.input.entries()) {
      this.#step = step
      try {
        await this.#pipe(input)
        if (step === this.#scenario.input.length - 1) await this.#commit()
      } catch (error) {
        const isOfStep = (effect: Effect) => effect.step === step
        this.#effects.splice(0, Infinity, ...this.#effects.filter((one) => !isOfStep(one)))
        return { step, kind: kindOf(error) }
      }
      for (const topic of this.#driver.producedTopicNames) this.#read(topic)
      if (this.#options.restarts && this.#options.restarts() < 0.2) await this.#driver.restart()
    }
    return undefined
  }

  /** What waits for a commit that would come later. */
  async #commit(): Promise<void> {
    if (this.#options.commits) await this.#driver.commit()
  }

  async #pipe({ topic, key = null, value, valueHex, ...rest }: ScenarioInput): Promise<void> {
    const { ts, headers, advanceWallClockMs } = rest
    if (topic === undefined) return this.#driver.advanceWallClockTime(advanceWallClockMs ?? 0)
    const type = this.#scenario.topics[topic]
    if (!type) throw new SpecError(`input for an undeclared topic ${topic}`)
    const serde = serdeOf(type)
    const given = fromJson(value)
    const encoded = given === null ? null : serde.serialize(given)
    await this.#driver.createInputTopic(topic, { key: string, value: bytes }).pipeInput({
      key,
      value: valueHex === undefined ? encoded : Buffer.from(valueHex, 'hex'),
      timestamp: ts,
      headers: (headers ?? []).map(([name, text]) => [name, text === null ? null : utf8(text)]),
    })
  }

  #read(topic: string): void {
    if (topic === this.#scenario.config?.dlq) return this.#readLetters(topic)
    const value = serdeOf(this.#typeOf(topic))
    const records = this.#driver.createOutputTopic(topic, { key: keySerde, value }).readRecords()
    const step = this.#step
    for (const { key, value, timestamp: ts, headers } of records)
      this.#outputs.push({
        ...{ step, topic, key: keyToJson(key), value: toJson(value), ts },
        headers: headersOf(headers),
      })
  }

  /** Of what they say about the error, only the place is compared: the rest is Java's. */
  #readLetters(topic: string): void {
    const letters = this.#driver.createOutputTopic(topic, { key: keySerde, value: bytes })
    for (const { key, value, timestamp: ts, headers } of letters.readRecords())
      this.#outputs.push({
        ...{ step: this.#step, topic, key: keyToJson(key), ts },
        valueHex: value === null ? null : Buffer.from(value).toString('hex'),
        headers: headersOf(headers).filter(([name]) => !OF_ERRORS.has(name)),
      })
  }

  #typeOf(topic: string): ValueType {
    const { outputs } = this.#built
    const chosen = [...outputs].find(([prefix]) => topic.startsWith(prefix))
    return outputs.get(topic) ?? chosen![1]
  }

  async #stores(): Promise<NonNullable<Result['stores']>> {
    const stores: Record<string, { type: string; entries: ResultRow[] }> = {}
    for (const { name, type } of this.#built.stores) {
      if (type === 'versioned') {
        stores[name] = { type, entries: await this.#versionsOf(name) }
        continue
      }
      const rows = await this.#rowsOf(name, type)
      const entries = rows.map(({ key, value, timestamp }) => ({
        ...{
          key: keyToJson(key),
          value: toJson(value),
          ...(!WITHOUT_TIMES.has(type) && { ts: timestamp }),
        },
      }))
      stores[name] = { type, entries: entries.toSorted(byKey) }
    }
    return stores
  }

  /**
   * The oracle finds the keys of a versioned store in its changelog: in none where the topic of the table, being optimised,
   * takes its place.
   */
  async #versionsOf(name: string): Promise<ResultRow[]> {
    if (this.#scenario.config?.optimize === 'all') return []
    const versions = await this.#driver.getVersionedStore<string, bigint | string>(name).entries()
    const rows = versions.map(({ key, value, timestamp: ts, validTo }) => ({
      ...{ key, value: toJson(value), ts, validTo },
    }))
    return rows.toSorted((a, b) => (a.key === b.key ? a.ts - b.ts : a.key < b.key ? -1 : 1))
  }

  /** Where caches are on only here, rows behind the retention are left out: without a cache nobody sees them. */
  get #whichRows(): { readonly expired?: false } {
    return this.#scenario.config?.caching === true ? {} : { expired: false }
  }

  #rowsOf(
    name: string,
    type: NamedStore['type'],
  ): Promise<TestStoreEntry<NonNullable<Key>, bigint | string>[]> {
    if (type === 'window' || type === 'plainWindow')
      return this.#driver.getWindowStore<string, bigint | string>(name).entries(this.#whichRows)
    if (type === 'session')
      return this.#driver.getSessionStore<string, bigint | string>(name).entries(this.#whichRows)
    return this.#driver.getKeyValueStore<NonNullable<Key>, bigint | string>(name).entries()
  }
}

/** Headers of dead letters that no scenario has. */
const OF_ERRORS: ReadonlySet<string> = new Set(
  ['exception', 'message', 'stacktrace'].map((name) => `__streams.errors.${name}`),
)

const WITHOUT_TIMES: ReadonlySet<NamedStore['type']> = new Set([
  'plainKeyValue',
  'plainWindow',
  'session',
])

/** By the key, as Java sorts it (by UTF-16), then by start and end. */
function byKey({ key: one }: ResultRow, { key: other }: ResultRow): number {
  const [a, b] = [partsOf(one), partsOf(other)]
  if (a.key !== b.key) return a.key < b.key ? -1 : 1
  return a.start - b.start || a.end - b.end
}

function partsOf(key: JsonKey) {
  return typeof key === 'object' && key !== null
    ? { ...key, end: Number(key.end) }
    : { key: key ?? '', start: 0, end: 0 }
}

function everyFew(random: Random): () => boolean {
  let left = 2 + Math.floor(random() * 49)
  return () => {
    if (--left > 0) return false
    left = 2 + Math.floor(random() * 49)
    return true
  }
}

/** What a topology is refused with: as a whole, by the options of an operator, or by a processor that begins. */
function isRefused(error: unknown): error is Error {
  if (StreamsError.is(error))
    return error.code === 'TOPOLOGY_INVALID' || error.code === 'PROCESSING_FAILED'
  const isOfScenario = error instanceof SpecError || error instanceof UnsupportedError
  return error instanceof TypeError && !isOfScenario
}

/** The words of the scenarios for what can go wrong. Kafka's driver refuses a time that is negative where it is piped. */
function kindOf(error: unknown): string {
  if (!StreamsError.is(error)) throw error
  const kinds: Readonly<Record<string, string>> = {
    PROCESSING_FAILED: 'processing',
    INVALID_TIMESTAMP: 'processing',
    SUPPRESS_BUFFER_FULL: 'suppressBufferFull',
    DESERIALIZATION_FAILED: 'deserialization',
  }
  return kinds[error.code] ?? error.code
}

function headersOf(headers: Headers): JsonHeaders {
  return headers.map(([name, value]) => [
    name,
    value === null ? null : Buffer.from(value).toString(),
  ])
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}
