import { plainKey } from '../functions/windowed-keys.ts'
import { flatMapperOf, flatValueMapperOf } from '../functions/flat-mappers.ts'
import { keyMapperOf } from '../functions/key-mappers.ts'
import { predicateOf } from '../functions/predicates.ts'
import { valueMapperOf } from '../functions/value-mappers.ts'
import type { BranchedKStream } from '../../../../src/topology/dsl/dsl.ts'
import {
  serdeOf,
  type Built,
  type Carried,
  type Key,
  type OperatorBuilder,
  type Stream,
} from '../building.ts'
import type { ScenarioNode, Value, ValueType } from '../scenario.ts'

export const STATELESS: Readonly<Record<string, OperatorBuilder>> = {
  filter: onStream(({ fn }, stream, type) => ({ stream: stream.filter(predicateOf(fn!)), type })),

  filterNot: onStream(({ fn }, stream, type) => ({
    stream: stream.filterNot(predicateOf(fn!)),
    type,
  })),

  selectKey: onStream(({ fn }, stream, type) => ({
    stream: stream.selectKey(keyMapperOf(fn!)),
    type,
  })),

  mapValues: onStream(({ fn }, stream, type) => {
    const mapper = valueMapperOf(fn!, type)
    return { stream: stream.mapValues((value, key) => mapper.map(key, value)), type: mapper.type }
  }),

  map: onStream(({ keyFn, valueFn }, stream, type) => {
    const keyMapper = keyMapperOf(keyFn!)
    const mapper = valueMapperOf(valueFn!, type)
    const pair = (key: Key, value: Value) =>
      [keyMapper(key, value), mapper.map(key, value)] as const
    return { stream: stream.map(pair), type: mapper.type }
  }),

  flatMap: onStream(({ fn }, stream, type) => {
    const mapper = flatMapperOf(fn!, type)
    return { stream: stream.flatMap(mapper.map), type: mapper.type }
  }),

  flatMapValues: onStream(({ fn }, stream, type) => {
    const mapper = flatValueMapperOf(fn!, type)
    return { stream: stream.flatMapValues(mapper.map), type: mapper.type }
  }),

  peek: (node, building) => {
    const { stream, type } = building.input(node, 'stream')
    const peeked = stream.peek((key, value) => building.onPeek(node.id!, key, value))
    return { kind: 'stream', stream: peeked, type }
  },

  foreach: (node, building) => {
    const { stream } = building.input(node, 'stream')
    stream.foreach((key, value) => building.onPeek(node.id!, key, value))
    return undefined
  },

  split: (node, building) => {
    const { stream, type } = building.input(node, 'stream')
    let split: BranchedKStream<Key, Value, NonNullable<Key>, Carried, string> = stream.split()
    for (const { id, fn } of node.branches!) split = split.branch(predicateOf(fn), { name: id })
    const branches = node.default
      ? split.defaultBranch({ name: node.default })
      : split.noDefaultBranch()
    for (const [id, branch] of Object.entries(branches))
      building.set(id, { kind: 'stream', stream: branch, type })
    return undefined
  },

  repartition: (node, building) => {
    const { stream, type } = building.input(node, 'stream')
    const options = { key: plainKey, value: serdeOf(type), ...nameOf(node) }
    return { kind: 'stream', stream: stream.repartition(options), type }
  },

  merge: (node, building) => {
    const [first, ...others] = building.inputs(node).map(asStream)
    const { type } = building.input(node, 'stream')
    return {
      kind: 'stream',
      stream: others.reduce((one, other) => one.merge(other), first!),
      type,
    }
  },
}

function onStream(
  build: (
    node: ScenarioNode,
    stream: Stream,
    type: ValueType,
  ) => { stream: Stream; type: ValueType },
): OperatorBuilder {
  return (node, building) => {
    const { stream, type } = building.input(node, 'stream')
    return { kind: 'stream', ...build(node, stream, type) }
  }
}

function nameOf({ name }: ScenarioNode) {
  return name === undefined ? {} : { name }
}

function asStream(built: Built): Stream {
  if (built.kind === 'stream') return built.stream
  throw new TypeError(`a ${built.kind} is no stream`)
}
