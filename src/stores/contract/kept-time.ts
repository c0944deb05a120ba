import { emittedTimeOf, isScheduleTime, waitingTimeOf } from '../../model/kept-time-name.ts'

/** A time that a node or store keeps with its task's state: it survives a restart, and is forgotten with a unit that is. */
export interface KeptTime {
  /** Milliseconds; −1 until it is set. */
  value: number
}

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
  const waiting = waitingTimeOf('')
  const isWaiting = name.endsWith(waiting) && names.has(name.slice(0, -waiting.length))
  return isWaiting || name.startsWith(emittedTimeOf('')) || isScheduleTime(name)
}
