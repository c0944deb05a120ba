import type { MaybePromise } from '../../model/maybe-promise.ts'
import { whenKnown } from '../../model/when-known.ts'
import type { TaskTimers } from '../../stores/task-timers.ts'
import type { TimerType } from '../../stores/contract/timers.ts'
import type { ProcessingGraph } from '../../topology/processing/processing-graph.ts'
import type { TaskContext } from './task-context.ts'

/** What makes things due, and where they happen. */
export interface DueWorkParts {
  readonly context: TaskContext
  readonly graph: ProcessingGraph
  readonly timers: TaskTimers
}

/**
 * What time makes due in a task: timers, and punctuations after them.
 *
 * By stream time, a timer comes before the first record of a later time, and after one of its own. Whatever is due comes when the
 * records before it have gone all their way, calls under way included.
 */
export class DueWork {
  readonly #parts: DueWorkParts

  constructor(parts: DueWorkParts) {
    this.#parts = parts
  }

  /** When the clock makes the next thing due; infinity where there is none. */
  get next(): number {
    const { context, timers } = this.#parts
    return Math.min(context.punctuations.nextOf('wall-clock'), timers.nextOf('wall-clock'))
  }

  /** Does what the clock has made due. */
  async byClock(): Promise<void> {
    const { context } = this.#parts
    context.comesFrom()
    await this.#fire('wall-clock', context.wallClock)
    await context.punctuations.run('wall-clock', context.wallClock)
  }

  /** Whether a timer comes before a record of that time. */
  hasBefore(timestamp: number): boolean {
    return this.#parts.timers.nextOf('stream-time') < timestamp
  }

  /** Lets stream time go on to each timer that comes before a record of that time. */
  before(timestamp: number): Promise<void> {
    return this.#fire('stream-time', timestamp - 1)
  }

  /** Does what stream time has made due. */
  byStreamTime(): MaybePromise {
    const { context, graph, timers } = this.#parts
    const { punctuations, streamTime } = context
    const hasTimer = timers.nextOf('stream-time') <= streamTime
    if (!hasTimer && punctuations.nextOf('stream-time') > streamTime) return undefined
    context.comesFrom()
    const punctuate = () => punctuations.run('stream-time', streamTime)
    if (hasTimer) return this.#fire('stream-time', streamTime).then(punctuate)
    return whenKnown(graph.settle(), punctuate)
  }

  async #fire(type: TimerType, until: number): Promise<void> {
    const { context, graph, timers } = this.#parts
    context.comesFrom()
    await graph.settle()
    for (let due = timers.takeDue(type, until); due; due = timers.takeDue(type, until)) {
      const { timer, tell } = due
      if (type === 'stream-time') context.streamTime = Math.max(context.streamTime, timer.at)
      await tell(timer)
    }
  }
}
