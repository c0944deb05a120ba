import type { StreamsState } from './lifecycle.ts'

/** What `health` takes for standing still. */
export interface HealthOptions {
  /**
   * What is under way and has not moved for longer than this is stuck. Longer than the slowest record takes, and than
   * `handOverTimeoutMs`. (Default: 60,000 ms)
   */
  readonly stuckAfterMs?: number
}

/** How an application is, for the probes of whoever runs it. */
export interface Health {
  /** Whether all its tasks are being processed. */
  readonly isReady: boolean
  /** Whether it may be left alone; otherwise it has to be started again. */
  readonly isLive: boolean
  /** Why it is not ready, or not live: sentences for people. Empty when it is both. */
  readonly reasons: readonly string[]
}

/** @param stuck What stands still although it should not, one sentence each. */
export function healthOf(state: StreamsState, stuck: readonly string[]): Health {
  const isRunning = state === 'running'
  return {
    isReady: isRunning && stuck.length === 0,
    isLive: state !== 'failed' && stuck.length === 0,
    reasons: [...(isRunning ? [] : [`the application is ${state}`]), ...stuck],
  }
}
