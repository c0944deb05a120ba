import { plainKey } from '../functions/windowed-keys.ts'
import { joinerOf, type Joiner } from '../functions/joiners.ts'
import { keyMapperOf } from '../functions/key-mappers.ts'
import { predicateOf } from '../functions/predicates.ts'
import { valueMapperOf } from '../functions/value-mappers.ts'
import {
  asTable,
  serdeOf,
  storeOptions,
  type Building,
  type Key,
  type OperatorBuilder,
  type Stream,
  type Table,
} from '../building.ts'
import type { ScenarioNode, Value, ValueType } from '../scenario.ts'

/** Operators that make tables of topics and streams. */
export const TABLE_SOURCES: Readonly<Record<string, OperatorBuilder>> = {
  table: (node, building) => {
    const type = building.scenario.topics[node.topic!]!
    const { versionedMs: historyRetentionMs } = node
    const options = {
      ...{ key: plainKey, value: serdeOf(type), ...storeOptions(node, building) },
      ...(historyRetentionMs !== undefined && { versioned: { historyRetentionMs } }),
    }
    return asTable(building.builder.table(node.topic!, options), type)
  },

  toTable: (node, building) => {
    const { stream, type } = building.input(node, 'stream')
    const options = { key: plainKey, value: serdeOf(type), ...storeOptions(node, building) }
    return asTable(stream.toTable(options), type)
  },
}

/** Operators on tables, by the names that operators on streams have as well. */
export const TABLES: Readonly<Record<string, OperatorBuilder>> = {
  filter: (node, building) => {
    const { table, type } = building.input(node, 'table')
    return asTable(table.filter(predicateOf(node.fn!), valueOptions(node, building, type)), type)
  },

  filterNot: (node, building) => {
    const { table, type } = building.input(node, 'table')
    return asTable(table.filterNot(predicateOf(node.fn!), valueOptions(node, building, type)), type)
  },

  mapValues: (node, building) => {
    const { table, type: from } = building.input(node, 'table')
    const { map, type } = valueMapperOf(node.fn!, from)
    const options = valueOptions(node, building, type)
    return asTable(
      table.mapValues((value, key) => map(key, value), options),
      type,
    )
  },

  toStream: (node, building) => {
    const { table, type } = building.input(node, 'table')
    const keyOf = node.keyFn ? keyMapperOf(node.keyFn) : undefined
    const changes = keyOf ? table.toStream(keyOf) : table.toStream()
    return { kind: 'stream', stream: changes as unknown as Stream, type }
  },

  transformValues: (node, building) => {
    const { table } = building.input(node, 'table')
    const { map, type } = valueMapperOf('keyValue', 'string')
    const transform = (value: Value, key: Key): Value => (value === null ? null : map(key, value))
    const options = valueOptions(node, building, type)
    return asTable(
      table.transformValues(() => transform, options),
      type,
    )
  },

  groupBy: (node, building) => {
    const { table, type: from } = building.input(node, 'table')
    const keyOf = keyMapperOf(node.keyFn!)
    const { map, type } = valueMapperOf(node.valueFn ?? 'identity', from)
    const pair = (key: Key, value: Value): [Key, Value] => [keyOf(key, value), map(key, value)]
    const options = {
      key: plainKey,
      value: serdeOf(type),
      ...(node.name && { name: node.name }),
    }
    return { kind: 'table-group', group: table.groupBy(pair, options), type }
  },

  joinFk: (node, building) => {
    const [left, right] = building.inputs(node)
    if (left?.kind !== 'table' || right?.kind !== 'table') throw new TypeError('two tables')
    const { join, type } = joinerOf(node.joiner!, left.type, right.type)
    const foreignKey = keyMapperOf(node.fkFn!)
    const isOfKeys = node.fkFn!.startsWith('key')
    const options = {
      ...{ ...valueOptions(node, building, type), value: serdeOf(type) },
      foreignKey: (value: Value, key: Key) => foreignKey(isOfKeys ? key : null, value),
      leftValue: serdeOf(left.type),
      rightValue: serdeOf(right.type),
    }
    const [one, other] = [left.table, right.table]
    const isLeft = node.kind === 'left'
    const joined = isLeft ? one.leftJoin(other, join, options) : one.join(other, join, options)
    return asTable(joined, type)
  },

  joinTables: (node, building) => {
    const [left, right] = building.inputs(node)
    if (left?.kind !== 'table' || right?.kind !== 'table') throw new TypeError('two tables')
    const { join, type } = joinerOf(node.joiner!, left.type, right.type)
    const options = node.store === undefined ? undefined : valueOptions(node, building, type)
    const joined = asTable(JOINS[node.kind!](left.table, right.table, join, options), type)
    return { ...joined, hasDefaultSerde: options === undefined }
  },
}

type StoredValues = ReturnType<typeof valueOptions>

type JoinTables = (
  left: Table,
  right: Table,
  joiner: Joiner['join'],
  options: StoredValues | undefined,
) => unknown

const JOINS: Readonly<Record<'inner' | 'left' | 'outer', JoinTables>> = {
  inner: (left, right, joiner, options) =>
    options ? left.join(right, joiner, options) : left.join(right, joiner),
  left: (left, right, joiner, options) =>
    options ? left.leftJoin(right, joiner, options) : left.leftJoin(right, joiner),
  outer: (left, right, joiner, options) =>
    options ? left.outerJoin(right, joiner, options) : left.outerJoin(right, joiner),
}

/** Without a store the oracle gives serdes, which materialises nothing; with a join it would, and there it gives none. */
function valueOptions(node: ScenarioNode, building: Building, type: ValueType) {
  return { ...storeOptions(node, building), value: serdeOf(type) }
}
