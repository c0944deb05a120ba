import type { TaskId } from '../model/task-id.ts'
import { parseJson } from './parse-json.ts'
import { isFingerprint, type TopologyFingerprint } from './topology-fingerprint.ts'

/** Raised when a field changes its meaning; fields that are added do not need it. */
const VERSION = 1

/** What a member tells the leader of its group. */
export interface MemberMetadata {
  readonly owned: readonly TaskId[]
  /** `undefined` where the member did not say: then nothing is known against it. */
  readonly topology: TopologyFingerprint | undefined
  /** Its name in the claim rows; `undefined` where it did not say. */
  readonly instance: string | undefined
  /** Which database its state is in; `undefined` where it did not say. */
  readonly database: string | undefined
  /** Asks that all members stop. */
  readonly stop: boolean
}

const NOTHING: MemberMetadata = {
  owned: [],
  topology: undefined,
  instance: undefined,
  database: undefined,
  stop: false,
}

/**
 * As JSON: a few bytes a task, and readable in the tools of Kafka.
 *
 * @param isRepeated The broker asks the leader only where a member says something that it has not said before: this makes it so.
 */
export function encodeMetadata(
  { stop, ...metadata }: MemberMetadata,
  isRepeated = false,
): Uint8Array {
  const said = { version: VERSION, ...metadata, ...(stop && { stop }) }
  return Buffer.from(JSON.stringify({ ...said, ...(isRepeated && { isRepeated }) }))
}

/**
 * A member of another version says what this one understands, or nothing: it is served, and owns nothing that is known. Before
 * there were versions a member told the list of what it owns alone.
 */
export function decodeMetadata(userData: Uint8Array): MemberMetadata {
  const value = parseJson(userData)
  if (Array.isArray(value)) return { ...NOTHING, owned: value.filter(isTaskId) }
  const { version, owned, topology, instance, database, stop } = (value ?? {}) as Readonly<
    Record<string, unknown>
  >
  if (version !== VERSION) return NOTHING
  return {
    owned: Array.isArray(owned) ? owned.filter(isTaskId) : [],
    topology: isFingerprint(topology) ? topology : undefined,
    instance: typeof instance === 'string' ? instance : undefined,
    database: typeof database === 'string' ? database : undefined,
    stop: stop === true,
  }
}

function isTaskId(value: unknown): value is TaskId {
  return typeof value === 'string' && /^\d+_\d+$/.test(value)
}
