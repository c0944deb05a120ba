import { TopicMissingError } from '../../../../src/errors/kafka-errors.ts'
import type { MaybePromise } from '../../../../src/model/maybe-promise.ts'
import type {
  DropReason,
  NodeContext,
  SinkRecord,
} from '../../../../src/topology/processing/node-context.ts'
import type { RecordOrigin, RecordPosition } from '../../../../src/model/record.ts'
import type { Timers } from '../../../../src/stores/contract/timers.ts'
import type { KeptTime } from '../../../../src/stores/contract/kept-time.ts'
import type { Cancellable, Punctuation } from '../../../../src/topology/processing/punctuation.ts'
import { FakeStore, type Answers } from './fake-store.ts'

/** A failure that a node reported. */
export interface Failure {
  readonly error: unknown
  readonly node: string
  readonly phase: 'processing' | 'production'
}

/** A task that only remembers. */
export class FakeContext implements NodeContext {
  readonly applicationId = 'app'
  readonly taskId = '0_0'
  readonly partition = 0
  readonly timestampMax = Infinity
  isCommitRequested = false
  streamTime = -1
  wallClock = 0
  position: RecordPosition | undefined
  readonly times = new Map<string, KeptTime>()
  readonly untold: NodeContext['untold'] = new Map()
  readonly punctuations = new Set<Punctuation>()
  readonly stores = new Map<string, FakeStore>()
  readonly drops: (readonly [DropReason, string])[] = []
  readonly failures: Failure[] = []
  /** Those that were looked up. */
  readonly topics = new Set<string>()
  sent: SinkRecord[] = []
  readonly #answers: Answers
  readonly #skipsFailures: boolean

  constructor(answers: Answers, skipsFailures: boolean) {
    this.#answers = answers
    this.#skipsFailures = skipsFailures
  }

  store<Store>(name: string): Store {
    const store = this.stores.get(name) ?? new FakeStore(name, this.#answers)
    this.stores.set(name, store)
    return store as unknown as Store
  }

  time(name: string): KeptTime {
    const time = this.times.get(name) ?? { value: -1 }
    this.times.set(name, time)
    return time
  }

  get origin(): RecordOrigin | undefined {
    return this.position && { position: this.position }
  }

  at(_origin: RecordOrigin | undefined, forward: () => MaybePromise): MaybePromise {
    return forward()
  }

  schedule(punctuation: Punctuation): Cancellable {
    this.punctuations.add(punctuation)
    return { cancel: () => void this.punctuations.delete(punctuation) }
  }

  timers(): Timers {
    throw new TypeError('this task has no timers')
  }

  requestCommit(): void {
    this.isCommitRequested = true
  }

  partitionsOf(): number {
    return 1
  }

  findTopic(topic: string): MaybePromise {
    if (this.topics.has(topic)) return undefined
    this.topics.add(topic)
    return topic.startsWith('missing')
      ? Promise.reject(new TopicMissingError([topic], 'written'))
      : Promise.resolve()
  }

  send(record: SinkRecord): void {
    this.sent.push(record)
  }

  dropped(reason: DropReason, node: string): void {
    this.drops.push([reason, node])
  }

  failed(error: unknown, node: string, phase: Failure['phase']): void {
    this.failures.push({ error, node, phase })
    if (!this.#skipsFailures) throw error
  }
}
