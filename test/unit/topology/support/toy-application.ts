import { NO_HEADERS, type Headers } from '../../../../src/model/headers.ts'
import type { ConsumedRecord } from '../../../../src/model/record.ts'
import type { Serde } from '../../../../src/serdes/serde.ts'
import { serdes } from '../../../../src/serdes/serdes.ts'
import type { SinkRecord } from '../../../../src/topology/processing/node-context.ts'
import type { ProcessingGraph } from '../../../../src/topology/processing/processing-graph.ts'
import type { RunnableTopology } from '../../../../src/topology/runnable-topology.ts'
import type { Topology } from '../../../../src/topology/topology.ts'
import { FakeContext } from './fake-context.ts'
import type { Answers } from './fake-store.ts'

/** How a toy application behaves. */
export interface ToyOptions {
  readonly answers?: Answers
  readonly skipsFailures?: boolean
}

/** An input: a key and a value, encoded as strings, and perhaps a time. */
export type Input = readonly [
  key: string | null,
  value: string | null,
  timestamp?: number,
  headers?: Headers,
]

/** An output: key, value and time. */
export type Output = readonly [key: unknown, value: unknown, timestamp: number]

/** All sub-topologies with one partition each; internal topics are queues. */
export class ToyApplication {
  readonly context: FakeContext
  readonly runnable: RunnableTopology
  readonly outputs: SinkRecord[] = []
  readonly internal: SinkRecord[] = []
  readonly #graphs: readonly ProcessingGraph[]
  readonly #readers = new Map<string, ProcessingGraph>()

  constructor(
    topology: Topology,
    { answers = () => 'at-once', skipsFailures = false }: ToyOptions = {},
  ) {
    this.context = new FakeContext(answers, skipsFailures)
    this.runnable = topology.forApplication('toy')
    this.#graphs = this.runnable.subtopologies.map(({ sources, open }) => {
      const graph = open(this.context)
      for (const { topic } of sources) this.#readers.set(topic, graph)
      return graph
    })
  }

  /** Processes one record; what it sends waits for {@link commit}. */
  async pipe(
    topic: string,
    [key, value, timestamp = 0, headers = NO_HEADERS]: Input,
  ): Promise<void> {
    await this.consume(topic, {
      offset: 0n,
      key: bytes(key),
      value: bytes(value),
      timestamp,
      headers,
    })
  }

  /** Processes a record of bytes. */
  async consume(topic: string, record: ConsumedRecord): Promise<void> {
    const graph = this.#readers.get(topic)!
    await graph.process(topic, graph.decode(topic, record))
  }

  /** Flushes, and processes internal topics, until nothing is left. */
  async commit(): Promise<void> {
    for (;;) {
      for (const graph of this.#graphs) await graph.flush()
      const waiting = this.#collect()
      if (waiting.length === 0) return
      for (const record of waiting) await this.consume(record.topic, { ...record, offset: 0n })
    }
  }

  /** What was written to a topic so far. */
  read<K, V>(topic: string, key: Serde<K, never>, value: Serde<V, never>): readonly Output[] {
    return [...this.outputs, ...this.internal]
      .filter((record) => record.topic === topic)
      .map((record) => [decoded(key, record.key), decoded(value, record.value), record.timestamp])
  }

  /** Rows of a store: key, value and time, by key. */
  rows(store: string): readonly Output[] {
    const rows = [...this.context.stores.get(store)!.rows]
    return rows
      .map(([key, { value, timestamp }]) => [key, value, timestamp] as const)
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
  }

  #collect(): readonly SinkRecord[] {
    const sent = this.context.sent
    this.context.sent = []
    const isInternal = ({ topic }: SinkRecord) => this.#readers.has(topic)
    this.outputs.push(...sent.filter((record) => !isInternal(record)))
    const waiting = sent.filter(isInternal)
    this.internal.push(...waiting)
    return waiting
  }
}

/** Runs a topology over records of the topic `in`, with a commit after the last. */
export async function runToy(
  topology: Topology,
  inputs: readonly Input[],
  options?: ToyOptions,
): Promise<ToyApplication> {
  const application = new ToyApplication(topology, options)
  for (const input of inputs) await application.pipe('in', input)
  await application.commit()
  return application
}

function bytes(text: string | null): Uint8Array | null {
  return text === null ? null : serdes.string.serialize(text)
}

function decoded<T>(serde: Serde<T, never>, data: Uint8Array | null): T | null {
  return data === null ? null : serde.deserialize(data)
}
