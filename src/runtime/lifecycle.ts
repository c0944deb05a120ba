import { ConfigurationError } from '../errors/configuration-error.ts'
import type { StreamsError } from '../errors/streams-error.ts'

/**
 * created → starting → rebalancing ⇄ running → stopping → stopped; every state but the first and the last two can end in failed.
 *
 * | state         | meaning                                                                 | in `KafkaStreams.State`             |
 * | ------------- | ----------------------------------------------------------------------- | ----------------------------------- |
 * | `created`     | not started yet                                                         | `CREATED`                           |
 * | `starting`    | connecting, making tables and topics; no member of the group yet        | `REBALANCING`, from `start()` on    |
 * | `rebalancing` | tasks are being claimed or handed over, those that stay are processed   | `REBALANCING`                       |
 * | `running`     | all assigned tasks are processed, or wait in a pause                    | `RUNNING`                           |
 * | `stopping`    | closing                                                                 | `PENDING_SHUTDOWN`                  |
 * | `stopped`     | closed by `close()`                                                     | `NOT_RUNNING`                       |
 * | `failed`      | closed after an error; while it closes, the state stays what it was     | `ERROR`; `PENDING_ERROR` before it  |
 *
 * Three steps differ: `created` becomes `stopped` at once, since nothing is open; an error while it closes ends in `failed`, where
 * `PENDING_SHUTDOWN` always ends in `NOT_RUNNING`; and a state is never followed by itself, as `RUNNING` may be there.
 */
export type StreamsState =
  'created' | 'starting' | 'rebalancing' | 'running' | 'stopping' | 'stopped' | 'failed'

const NEXT: Readonly<Record<StreamsState, readonly StreamsState[]>> = {
  created: ['starting', 'stopped'],
  starting: ['rebalancing', 'stopping', 'failed'],
  rebalancing: ['running', 'stopping', 'failed'],
  running: ['rebalancing', 'stopping', 'failed'],
  stopping: ['stopped', 'failed'],
  stopped: [],
  failed: [],
}

/** Told of every change, and of the state before it; `error` is there when the new state is `failed`. */
export type StateListener = (
  state: StreamsState,
  error: StreamsError | undefined,
  previous: StreamsState,
) => void

/** The state of an application, and who wants to hear of it. */
export class Lifecycle {
  #state: StreamsState = 'created'
  readonly #listeners = new Set<StateListener>()

  get state(): StreamsState {
    return this.#state
  }

  /** Whether nothing changes any more. */
  get isOver(): boolean {
    return NEXT[this.#state].length === 0
  }

  onChange(listener: StateListener): void {
    this.#listeners.add(listener)
  }

  /** @throws ConfigurationError `CONFIGURATION_INVALID` when the step is not one of the table's, such as a second start. */
  become(next: StreamsState, error?: StreamsError): void {
    if (!this.canBecome(next))
      throw new ConfigurationError(`an application that is ${this.#state} cannot become ${next}`)
    const previous = this.#state
    this.#state = next
    for (const listener of this.#listeners) tell(() => listener(next, error, previous), next)
  }

  canBecome(next: StreamsState): boolean {
    return NEXT[this.#state].includes(next)
  }
}

/** What a listener throws is its own business, and stops nobody else: it becomes a warning of the process. */
function tell(listener: () => void, state: StreamsState): void {
  try {
    listener()
  } catch (mistake) {
    process.emitWarning(`a listener of the state '${state}' threw: ${String(mistake)}`)
  }
}
