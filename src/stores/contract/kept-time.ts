/** A time that a node or store keeps with its task's state: it survives a restart, and is forgotten with a unit that is. */
export interface KeptTime {
  /** Milliseconds; −1 until it is set. */
  value: number
}

/** Name of the time up to which a store's rows were emitted. */
export function emittedTimeOf(store: string): string {
  return `${EMITTED}${store}`
}

/** Name of the time of the oldest record of a join that waits for a partner; −1 where none does. */
export function waitingTimeOf(join: string): string {
  return `${join}${WAITING}`
}

/** Name of the time when a schedule of a node is due next. */
export function scheduleTimeOf(node: string, index: number): string {
  return `${SCHEDULE}${index} of ${node}`
}

const EMITTED = 'emitted of '
const SCHEDULE = 'schedule '
const WAITING = '-waiting'

/**
 * The times of a task that goes on with what several tasks have kept. A time is that of the task that was furthest; but of what is
 * still to come the next, and of what was emitted that of the task that was least far: rather emitted again than never.
 * @param kept By name, of each of the tasks; what is −1 says nothing.
 */
export function mergeTimes(kept: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const names = new Set(kept.flatMap((times) => [...times.keys()]))
  const merged = [...names].map((name): [string, number] => {
    const values = kept.map((times) => times.get(name) ?? -1).filter((time) => time >= 0)
    if (values.length === 0) return [name, -1]
    return [name, isOfFirst(name, names) ? Math.min(...values) : Math.max(...values)]
  })
  return new Map(merged)
}

function isOfFirst(name: string, names: ReadonlySet<string>): boolean {
  const isWaiting = name.endsWith(WAITING) && names.has(name.slice(0, -WAITING.length))
  return isWaiting || name.startsWith(EMITTED) || name.startsWith(SCHEDULE)
}
