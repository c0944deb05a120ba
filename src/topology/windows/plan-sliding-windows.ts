import type { ValueAndTimestamp } from '../../stores/contract/key-value-store.ts'
import type { WindowEntry } from '../../stores/contract/window-store.ts'

type Aggregate = ValueAndTimestamp<unknown>

/** What a record does to one window. */
export type SlidingStep =
  /** It is added to a window that is there. */
  | { readonly kind: 'update'; readonly start: number; readonly stored: Aggregate }
  /** It is added to a new window, which begins with what another one holds, or with nothing. */
  | { readonly kind: 'create'; readonly start: number; readonly from: Aggregate | undefined }
  /** A new window of what lies behind the record: it holds what another one held before the record was added. */
  | { readonly kind: 'copy'; readonly start: number; readonly from: Aggregate }

/** What was learned from the windows that are there. */
interface Neighbours {
  /** Holds what lies behind the record, and perhaps more. */
  right?: Aggregate
  /** Holds what lies before the record. */
  left?: Aggregate
  /** The time of the record before. */
  previous?: number
  hasLeftWindow: boolean
  hasRightWindow: boolean
}

/**
 * The steps for a record that lies no earlier than the first difference.
 *
 * Every record has a window that ends with it, and one that begins just after it once there is something to hold. So windows
 * hold all sets of records there are, and a new window's aggregate is found in one that is there already.
 *
 * @param windows Those that begin from two differences before the record to just after it.
 */
export function planWindows(
  timestamp: number,
  differenceMs: number,
  windows: readonly WindowEntry<unknown>[],
): readonly SlidingStep[] {
  const steps: SlidingStep[] = []
  const found: Neighbours = { hasLeftWindow: false, hasRightWindow: false }
  // The latest first, as Kafka Streams does it: changes are forwarded in this order.
  for (const window of windows.toReversed()) {
    const { start, timestamp: latest } = window
    const end = start + differenceMs
    if (start === timestamp + 1) found.hasRightWindow = true
    else if (end < timestamp) {
      Object.assign(found, { left: window, previous: latest })
      break
    } else {
      steps.push({ kind: 'update', start, stored: window })
      if (end > timestamp) found.right ??= window
      else if (latest >= timestamp) return steps
      else Object.assign(found, { hasLeftWindow: true, previous: latest })
    }
  }
  return [...steps, ...newWindows(timestamp, differenceMs, windows, found)]
}

function newWindows(
  timestamp: number,
  differenceMs: number,
  windows: readonly WindowEntry<unknown>[],
  { right, left, previous, hasLeftWindow, hasRightWindow }: Neighbours,
): readonly SlidingStep[] {
  const steps: SlidingStep[] = []
  if (
    previous !== undefined &&
    previous + 1 + differenceMs >= timestamp &&
    !begins(windows, previous + 1)
  )
    steps.push({ kind: 'create', start: previous + 1, from: undefined })
  if (!hasLeftWindow) {
    const start = timestamp - differenceMs
    const isJoined = left !== undefined && previous !== undefined && start <= previous
    steps.push({
      kind: 'create',
      start,
      from: isJoined ? { value: left.value, timestamp } : undefined,
    })
  }
  if (!hasRightWindow) steps.push(...behind(timestamp, right))
  return steps
}

/**
 * The steps for a record that lies before the first difference: a window that ended with it would begin before 0. All such
 * records are in the window that begins at 0.
 *
 * @param windows Those that begin up to just after the record.
 */
export function planEarly(
  timestamp: number,
  windows: readonly WindowEntry<unknown>[],
): readonly SlidingStep[] {
  const combined = windows.find(({ start }) => start === 0)
  const holding = windows.filter(({ start }) => start > 0 && start <= timestamp)
  const steps: SlidingStep[] = holding.map((stored) => ({
    kind: 'update',
    start: stored.start,
    stored,
  }))
  const right =
    holding.at(-1) ?? (combined && combined.timestamp > timestamp ? combined : undefined)
  if (!begins(windows, timestamp + 1)) steps.push(...behind(timestamp, right))
  const previous = combined && combined.timestamp < timestamp ? combined.timestamp : undefined
  if (previous !== undefined && !begins(windows, previous + 1))
    steps.push({ kind: 'create', start: previous + 1, from: undefined })
  steps.push(
    combined
      ? { kind: 'update', start: 0, stored: combined }
      : { kind: 'create', start: 0, from: undefined },
  )
  return steps
}

/** The window that begins just after the record, if there is anything in it. */
function behind(timestamp: number, right: Aggregate | undefined): readonly SlidingStep[] {
  if (right === undefined || right.timestamp <= timestamp) return []
  const from = { value: right.value, timestamp: right.timestamp }
  return [{ kind: 'copy', start: timestamp + 1, from }]
}

function begins(windows: readonly WindowEntry<unknown>[], start: number): boolean {
  return windows.some((window) => window.start === start)
}
