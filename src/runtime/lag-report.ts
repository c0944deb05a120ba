import type { Instruments } from '../telemetry/instruments.ts'
import type { Task } from './task/task.ts'

type LagGauge = Instruments['recordsLag']

/** Tells a meter, whenever it asks, how many records of each source partition are not processed yet. */
export class LagReport {
  readonly #gauge: LagGauge
  readonly #tasks: () => readonly Task[]
  readonly #tell: Parameters<LagGauge['addCallback']>[0] = (result) => {
    for (const { queues } of this.#tasks())
      for (const { topic, partition, backlog } of queues)
        result.observe(backlog, { topic, partition })
  }

  constructor(gauge: LagGauge, tasks: () => readonly Task[]) {
    this.#gauge = gauge
    this.#tasks = tasks
  }

  start(): void {
    this.#gauge.addCallback(this.#tell)
  }

  stop(): void {
    this.#gauge.removeCallback(this.#tell)
  }
}
