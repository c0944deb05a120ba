import type { StoreForm } from '../../../src/topology/processor/store-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { Building, type BuildingOptions, type Built, type OperatorBuilder } from './building.ts'
import { AGGREGATIONS } from './operators/aggregations.ts'
import { PROCESSORS } from './operators/processors.ts'
import { SOURCES_AND_SINKS } from './operators/sources-and-sinks.ts'
import { STATELESS } from './operators/stateless.ts'
import { TABLE_AGGREGATIONS } from './operators/table-aggregations.ts'
import { SUPPRESS } from './operators/suppress.ts'
import { TABLES, TABLE_SOURCES } from './operators/tables.ts'
import { STREAM_JOINS } from './operators/stream-joins.ts'
import { STREAM_TABLE_JOINS } from './operators/stream-table-joins.ts'
import { COGROUP, COGROUPED_SESSIONS, COGROUPED_WINDOWS, COGROUPS } from './operators/cogroups.ts'
import { SESSIONS, TIME_WINDOWS, WINDOWED_BY } from './operators/windows.ts'
import type { Scenario, ScenarioNode, ValueType } from './scenario.ts'
import { UnsupportedError } from './unsupported-error.ts'

/** A store of a scenario, and how it is read. */
export interface NamedStore {
  readonly name: string
  readonly type: 'keyValue' | 'plainKeyValue' | 'window' | 'plainWindow' | 'session' | 'versioned'
}

/** What is learned while a scenario's topology is built. */
export interface BuiltTopology {
  readonly topology: Topology
  /** Type of the values of each topic that is written. */
  readonly outputs: ReadonlyMap<string, ValueType>
  /** The stores that the scenario names. */
  readonly stores: readonly NamedStore[]
}

/** By the name of the operator. */
const OPERATORS: Readonly<Record<string, OperatorBuilder>> = {
  ...SOURCES_AND_SINKS,
  ...STATELESS,
  ...AGGREGATIONS,
  ...TABLE_SOURCES,
  ...STREAM_JOINS,
  ...PROCESSORS,
  ...SUPPRESS,
  ...STREAM_TABLE_JOINS,
  ...WINDOWED_BY,
  ...COGROUP,
}

/** Those that several kinds of things have, by the kind. */
const OPERATORS_ON: Partial<Record<Built['kind'], Readonly<Record<string, OperatorBuilder>>>> = {
  table: TABLES,
  'table-group': TABLE_AGGREGATIONS,
  windows: TIME_WINDOWS,
  sessions: SESSIONS,
  cogroup: COGROUPS,
  'cogrouped-windows': COGROUPED_WINDOWS,
  'cogrouped-sessions': COGROUPED_SESSIONS,
}

/** Builds the topology of a scenario with rowstream's DSL, operator by operator. */
export function buildTopology(scenario: Scenario, options: BuildingOptions): BuiltTopology {
  const building = new Building(scenario, options)
  const stores: NamedStore[] = []
  for (const node of scenario.nodes) {
    const [input] = building.inputs(node)
    const build = (input && OPERATORS_ON[input.kind]?.[node.op]) ?? OPERATORS[node.op]
    if (!build) throw new UnsupportedError(`no operator ${node.op}`)
    const built = build(node, building)
    if (built && node.id !== undefined) building.set(node.id, built)
    if (node.store === undefined || stores.some(({ name }) => name === node.store)) continue
    const form = building.stores.get(node.store)?.form
    stores.push({ name: node.store, type: form ? TYPES[form] : storeTypeOf(node, input) })
  }
  const topology = building.builder.build({ optimize: scenario.config?.optimize ?? 'none' })
  return { topology, outputs: building.outputs, stores }
}

/** By what a processor sees of it. */
const TYPES: Readonly<Record<StoreForm, NamedStore['type']>> = {
  plain: 'plainKeyValue',
  timestamped: 'keyValue',
  window: 'plainWindow',
  session: 'session',
  versioned: 'versioned',
}

/** By what the node that keeps it aggregates. */
function storeTypeOf({ versionedMs }: ScenarioNode, input: Built | undefined): NamedStore['type'] {
  if (versionedMs !== undefined) return 'versioned'
  if (input?.kind === 'windows' || input?.kind === 'cogrouped-windows') return 'window'
  const isOfSessions = input?.kind === 'sessions' || input?.kind === 'cogrouped-sessions'
  return isOfSessions ? 'session' : 'keyValue'
}
