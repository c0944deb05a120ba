import type { Serde } from '../../serdes/serde.ts'
import type { StoreDefinition } from '../../stores/contract/store-definition.ts'
import { checkName } from '../graph/check-name.ts'
import type { GraphBuilder } from '../graph/graph-builder.ts'
import type { StreamPartitioner, ValueFunction } from '../processing/functions.ts'
import {
  subscriptionRequestSerde,
  subscriptionResponseSerde,
  type SubscriptionResponse,
} from '../processing/subscription-serdes.ts'
import { storesRead } from '../processing/value-getter.ts'
import { failOnInvalidTimestamp } from '../processing/timestamp-extractors.ts'
import { addTableSource } from './add-table-source.ts'
import type { TableStoreOptions } from './options.ts'
import { storeVersion } from './store-version.ts'
import type { TableState } from './table-state.ts'

/** What a foreign-key join is made of. */
export interface ForeignJoin {
  readonly left: TableState
  readonly right: TableState
  readonly foreignKeyOf: ValueFunction<unknown>
  readonly joiner: (value: unknown, other: unknown) => unknown
  readonly keepsUnmatched: boolean
  readonly leftValue: Serde<unknown>
  readonly rightValue: Serde<unknown>
  readonly options: TableStoreOptions<unknown>
  /** Where rows of the right table lie. */
  readonly rightPartitioner: StreamPartitioner | undefined
}

/** A node, and the topic that it writes to or reads. */
interface TopicEnd {
  readonly name: string
  readonly parents: readonly string[]
  readonly topic: string
  readonly key: Serde<unknown>
  readonly value: Serde<unknown>
}

const PREFIX = 'KTABLE-FK-JOIN-'
const OUTPUT = `${PREFIX}OUTPUT-`

type Names = ReturnType<typeof nameJoin>

/**
 * Adds the nodes of a foreign-key join, named and numbered as in Kafka Streams, and answers how later operators use the result.
 *
 * A row subscribes, through a topic, to the row of the other table that its foreign key names; requests and changes of the other
 * table are answered through a second topic, and joined where the row is.
 */
export function addForeignJoin(graph: GraphBuilder, join: ForeignJoin): TableState {
  const { left, right, options } = join
  // Changes of a row whose value stays as it is are answered as well; old foreign keys have to be known.
  right.sendOldValues(true)
  left.sendOldValues(true)
  const names = nameJoin(graph, options.name)
  addSubscription(graph, join, names)
  addResponse(graph, join, names)
  const { cache = true } = options
  const storeName = graph.nameStore(OUTPUT, options.store)
  const value = options.value ?? left.value
  const isStored = options.store !== undefined
  const parent = names.resolver
  const version = storeVersion(options, value)
  return addTableSource(graph, {
    ...{ name: names.result, parent, key: left.key, value, storeName, cache, isStored, version },
  })
}

/** In the order in which Kafka Streams takes numbers. */
function nameJoin(graph: GraphBuilder, name: string | undefined) {
  const named = (prefix: string, suffix: string) =>
    graph.nameNode(prefix, name === undefined ? undefined : checkName(`${name}${suffix}`))
  const registration = `${PREFIX}SUBSCRIPTION-REGISTRATION-`
  const processor = `${PREFIX}SUBSCRIPTION-PROCESSOR-`
  return {
    requests: `${named(registration, '-subscription-registration')}-topic`,
    send: named(registration, '-subscription-registration-processor'),
    requestSink: named('KTABLE-SINK-', '-subscription-registration-sink'),
    requestSource: named('KTABLE-SOURCE-', '-subscription-registration-source'),
    store: named(`${PREFIX}SUBSCRIPTION-STATE-STORE-`, '-subscription-store'),
    receive: named(processor, '-subscription-receive'),
    answer: named(processor, '-subscription-join-foreign'),
    tell: named(processor, '-foreign-join-subscription'),
    responses: `${named(`${PREFIX}SUBSCRIPTION-RESPONSE-`, '-subscription-response')}-topic`,
    responseSink: named('KTABLE-SINK-', '-subscription-response-sink'),
    responseSource: named('KTABLE-SOURCE-', '-subscription-response-source'),
    resolver: named(
      `${PREFIX}SUBSCRIPTION-RESPONSE-RESOLVER-PROCESSOR-`,
      '-subscription-response-resolver',
    ),
    result: named(OUTPUT, '-result'),
  }
}

/** From the row with the foreign key to who keeps and answers its subscription. */
function addSubscription(graph: GraphBuilder, join: ForeignJoin, names: Names): void {
  const { left, right, foreignKeyOf, leftValue: value, keepsUnmatched, rightPartitioner } = join
  const send = { kind: 'subscription-send', name: names.send, parents: [left.node] } as const
  const isVersioned = left.isVersioned === true
  graph.add({ ...send, foreignKeyOf, foreignKey: right.key, value, keepsUnmatched, isVersioned })
  const requests = {
    topic: names.requests,
    key: right.key,
    value: subscriptionRequestSerde(left.key),
  }
  const sink = { name: names.requestSink, parents: [names.send], ...requests }
  addSink(graph, sink, rightPartitioner && byForeignKey(rightPartitioner))
  addSource(graph, { name: names.requestSource, parents: [], ...requests })
  const versions = storesRead(left.valueGetter()).map((store) => versionOf(graph.storeOf(store)))
  const subscriptions = Object.freeze({
    ...({ kind: 'subscriptions', name: names.store } as const),
    ...{ key: right.key, primaryKey: left.key, responses: names.responses, subscriber: value },
    ...(versions.some((version) => version > 1) && { subscriberVersions: versions }),
  })
  const parents = [names.requestSource]
  graph.add({ kind: 'subscription-receive', name: names.receive, parents, store: subscriptions })
  const reads = right.valueGetter()
  graph.add({ kind: 'subscription-join', name: names.answer, parents: [names.receive], reads })
  const tell = { kind: 'foreign-table-join', name: names.tell, parents: [right.node] } as const
  graph.add({ ...tell, subscriptions, isVersioned: right.isVersioned === true })
}

/** The request of a row without a foreign key goes to any partition. */
function byForeignKey(partitioner: StreamPartitioner): StreamPartitioner {
  return (foreignKey, _, topic) =>
    foreignKey === null ? undefined : partitioner(foreignKey, null, topic)
}

function versionOf(store: StoreDefinition | undefined): number {
  return store && 'version' in store ? (store.version ?? 1) : 1
}

/** From there back to the row. */
function addResponse(graph: GraphBuilder, join: ForeignJoin, names: Names): void {
  const { left, joiner, keepsUnmatched, leftValue: value } = join
  const responses = {
    ...{ topic: names.responses, key: left.key },
    value: subscriptionResponseSerde(join.rightValue),
  }
  const parents = [names.answer, names.tell]
  const partitioner = (_: unknown, response: unknown) =>
    (response as SubscriptionResponse).partition
  addSink(graph, { name: names.responseSink, parents, ...responses }, partitioner)
  addSource(graph, { name: names.responseSource, parents: [], ...responses })
  graph.add({
    ...({ kind: 'response-join', name: names.resolver, parents: [names.responseSource] } as const),
    ...{ reads: left.valueGetter(), joiner, keepsUnmatched, value },
  })
}

function addSink(graph: GraphBuilder, sink: TopicEnd, partitioner?: StreamPartitioner): void {
  graph.add({ kind: 'sink', internal: true, ...sink, ...(partitioner && { partitioner }) })
}

function addSource(graph: GraphBuilder, { topic, ...source }: TopicEnd): void {
  graph.add({
    ...source,
    kind: 'source',
    parents: [],
    topics: [topic],
    offsetReset: 'earliest',
    timestampExtractor: failOnInvalidTimestamp,
    internal: true,
    combined: false,
  })
}
