import type { GroupState } from './group-state.ts'

/** Adds a record of one stream to the aggregate of all. */
export type CogroupAdder = (key: unknown, value: unknown, aggregate: unknown) => unknown

/** Groups that aggregate into one table, in the order in which they were named; a group that is named twice has the last adder. */
export type CogroupState = ReadonlyMap<GroupState, CogroupAdder>
