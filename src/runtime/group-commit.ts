import type { RelayBatch } from '../changelog/relay-batch.ts'
import { commitUnits } from '../commit/commit-units.ts'
import type { CommitBounds } from '../commit/commit-bounds.ts'
import type { Database } from '../database/database.ts'
import { RowRefusedError } from '../errors/database-errors.ts'
import { TasksFencedError } from '../errors/ownership-errors.ts'
import { StreamsError } from '../errors/streams-error.ts'
import type { OutgoingRecord } from '../model/record.ts'
import { compareTaskIds, type TaskId } from '../model/task-id.ts'
import { inSpan } from '../telemetry/spans.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { Backoff } from './backoff.ts'
import { mayRetry } from './patiently.ts'
import type { SealedTask } from './task/task-progress.ts'

/** What a commit may have to tell the world. */
export interface GroupCommitOutcomes {
  /** Units are about to be committed, with these batches: they may be sent already, not yet made visible. */
  onStarted(batches: readonly RelayBatch[]): void
  /** Nothing of them is durable yet: if there is another attempt, it may be far. */
  onAttemptFailed(): void
  /** Units are durable; their batches are to be published. */
  onCommitted(batches: readonly RelayBatch[]): void
  /** These tasks belong to a newer epoch; nothing of them was written. */
  onFenced(taskIds: readonly TaskId[]): void
  /** Nobody knows whether the units are durable: all tasks have to be claimed anew. */
  onUnknown(error: StreamsError): void
  /** A person has to decide. */
  onFailed(error: unknown): void
}

/** What a commit works with. */
export interface GroupCommitOptions {
  readonly database: Database
  readonly bounds: CommitBounds
  readonly telemetry: Telemetry
  readonly outcomes: GroupCommitOutcomes
  /** Produces records that do not travel by outbox, before the database commits. */
  readonly produce: (records: readonly OutgoingRecord[]) => Promise<void>
  /** A commit that certainly failed is tried again this long. */
  readonly retryMs: number
  /** Aborts when nobody waits for a commit any more. */
  readonly signal?: AbortSignal
}

/**
 * Commits all sealed tasks of an instance in one transaction, one transaction at a time.
 *
 * Idle → committing → idle. {@link start} only when idle; {@link settled} resolves when the commit under way has one of the
 * outcomes above, and these have been told.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions
  #underWay: Promise<void> | undefined
  #startedAt = 0
  /** Whether the database takes no writes. */
  #isWaiting = false

  constructor(options: GroupCommitOptions) {
    this.#options = options
  }

  get isIdle(): boolean {
    return this.#underWay === undefined
  }

  /** When the commit under way began, with all its attempts; `undefined` when idle. */
  get busySince(): number | undefined {
    return this.isIdle ? undefined : this.#startedAt
  }

  async settled(): Promise<void> {
    await this.#underWay
  }

  /** Begins to commit; the caller goes on processing. */
  start(sealed: readonly SealedTask[]): void {
    const inOrder = sealed.toSorted((a, b) => compareTaskIds(a.unit.taskId, b.unit.taskId))
    this.#startedAt = this.#options.telemetry.clock.now()
    this.#underWay = this.#run(inOrder).finally(() => (this.#underWay = undefined))
  }

  async #run(sealed: readonly SealedTask[]): Promise<void> {
    const { outcomes, produce, telemetry } = this.#options
    try {
      outcomes.onStarted(sealed.flatMap(({ batch }) => batch ?? []))
      const direct = sealed.flatMap((task) => task.direct)
      if (direct.length > 0) await produce(direct)
      const durable = await inSpan('rowstream.commit', { 'rowstream.tasks': sealed.length }, () =>
        this.#commit(sealed),
      )
      this.#isWaiting = false
      for (const task of durable) task.committed()
      outcomes.onCommitted(durable.flatMap(({ batch }) => batch ?? []))
    } catch (error) {
      // Also where the database was not even asked: somebody may wait for what was expected.
      outcomes.onAttemptFailed()
      this.#report(error)
    }
    telemetry.instruments.commits.add(1)
    telemetry.instruments.commitDuration.record(telemetry.clock.now() - this.#startedAt)
  }

  /** Commits, without tasks that turn out to be fenced, and answers what is durable. */
  async #commit(sealed: readonly SealedTask[]): Promise<readonly SealedTask[]> {
    const { telemetry, retryMs, signal } = this.#options
    const backoff = new Backoff(telemetry.clock, retryMs, signal)
    let rest = sealed
    while (rest.length > 0) {
      try {
        await this.#commitOnce(rest)
        return rest
      } catch (error) {
        if (error instanceof TasksFencedError) rest = this.#withoutFenced(rest, error)
        else if (error instanceof RowRefusedError && rest.length > 1) return this.#commitEach(rest)
        else {
          this.#attemptFailed(error)
          if (!(await mayRetry(error, backoff))) throw this.#isolate(error, rest)
        }
      }
    }
    return rest
  }

  /** What has no end is told once: a person may have to end it. */
  #attemptFailed(error: unknown): void {
    this.#options.outcomes.onAttemptFailed()
    if (this.#isWaiting || !StreamsError.is(error) || error.reaction !== 'wait') return
    this.#isWaiting = true
    const { logger } = this.#options.telemetry
    logger.warn(`${error.message}: a commit waits`, { error, code: error.code })
  }

  /** The database refuses a row of somebody: each task gets a transaction of its own, and only the culprit is reported. */
  async #commitEach(sealed: readonly SealedTask[]): Promise<readonly SealedTask[]> {
    const durable: SealedTask[] = []
    for (const task of sealed) {
      try {
        durable.push(...(await this.#commit([task])))
      } catch (error) {
        this.#report(error)
      }
    }
    return durable
  }

  #commitOnce(sealed: readonly SealedTask[]): Promise<void> {
    const { database, bounds, telemetry } = this.#options
    return commitUnits(
      database,
      sealed.map(({ unit }) => unit),
      bounds.commit,
      telemetry,
    )
  }

  #withoutFenced(
    sealed: readonly SealedTask[],
    { taskIds }: TasksFencedError,
  ): readonly SealedTask[] {
    this.#options.telemetry.instruments.tasksFenced.add(taskIds.length)
    this.#options.outcomes.onFenced(taskIds)
    return sealed.filter(({ unit }) => !taskIds.includes(unit.taskId))
  }

  /** A refused row names its table; alone in its transaction, the task is known as well. */
  #isolate(error: unknown, sealed: readonly SealedTask[]): unknown {
    if (error instanceof RowRefusedError && sealed.length === 1)
      return error.at(undefined, sealed[0]!.unit.taskId)
    return error
  }

  #report(error: unknown): void {
    const { outcomes } = this.#options
    if (StreamsError.is(error) && error.reaction === 'rejoin') outcomes.onUnknown(error)
    else outcomes.onFailed(error)
  }
}
