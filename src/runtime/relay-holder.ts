import { randomBytes } from 'node:crypto'
import type { RelayBatch } from '../changelog/relay-batch.ts'
import { Relay } from '../changelog/relay.ts'
import type { OutboxKey } from '../commit/commit-unit.ts'
import type { GroupMembership } from '../kafka/group-membership.ts'
import type { Kafka } from '../kafka/kafka.ts'
import type { TaskId } from '../model/task-id.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

/** What a relay holder needs to make relays. */
export interface RelayHolderOptions {
  readonly kafka: Kafka
  readonly applicationId: string
  readonly member: () => GroupMembership | undefined
  readonly telemetry: Telemetry
  readonly onFailed: (error: unknown) => void
  readonly onPublished: () => void
}

/** The instance's relay of the moment. A relay whose producer failed is given up; the next one gets an id that nobody has used. */
export class RelayHolder {
  readonly #options: RelayHolderOptions
  readonly #instance = randomBytes(8).toString('hex')
  #counter = 0
  #relay: Relay | undefined
  /** The next one, while its producer is being initialised. */
  #creating: Promise<Relay> | undefined
  #busySince = 0
  /** The broker refused a record of a durable batch, and the failure policy says to leave it out: set until that is done. */
  mustIsolate = false

  constructor(options: RelayHolderOptions) {
    this.#options = options
  }

  get isIdle(): boolean {
    return this.#relay?.isIdle ?? true
  }

  /** Since when it is publishing; `undefined` when idle. */
  get busySince(): number | undefined {
    return this.isIdle ? undefined : this.#busySince
  }

  /** The id of the producer, made and initialised first where there is none: to be stored in claim rows before anything is published. */
  async transactionalId(): Promise<string> {
    const relay = this.#relay ?? (await this.#create())
    return relay.transactionalId
  }

  /** Makes the producer before a takeover asks for it. Where that fails, the takeover tries again and says why. */
  async prepare(): Promise<void> {
    await this.transactionalId().catch(() => undefined)
  }

  /** Batches of a commit that is under way. */
  expect(batches: readonly RelayBatch[]): void {
    this.#relay?.expect(batches)
  }

  /** What became durable of that commit. */
  settle(batches: readonly RelayBatch[]): void {
    this.#noteBeginning()
    this.#relay?.settle(batches)
  }

  /** Publishes batches of tasks whose claim rows name {@link transactionalId}. */
  enqueue(batches: readonly RelayBatch[]): void {
    this.#noteBeginning()
    this.#relay?.enqueue(batches)
  }

  takePublished(taskId: TaskId): readonly OutboxKey[] {
    return this.#relay?.takePublished(taskId) ?? []
  }

  hasPublished(taskId: TaskId): boolean {
    return this.#relay?.hasPublished(taskId) ?? false
  }

  /** Outbox rows found at a takeover that Kafka already has. */
  addPublished(taskId: TaskId, rows: readonly OutboxKey[]): void {
    this.#relay?.addPublished(taskId, rows)
  }

  forget(taskIds: readonly TaskId[]): void {
    for (const taskId of taskIds) this.#relay?.forget(taskId)
  }

  /** Resolves when everything enqueued so far is published, with `true`, or the relay has failed, with `false`. */
  async drain(): Promise<boolean> {
    return (await this.#relay?.drain()) ?? true
  }

  /** Gives the relay up, without deciding what its transaction comes to. */
  async giveUp(): Promise<void> {
    if (this.#creating) await this.#creating.catch(() => undefined)
    const relay = this.#relay
    this.#relay = undefined
    await relay?.close()
  }

  #noteBeginning(): void {
    if (this.isIdle) this.#busySince = this.#options.telemetry.clock.now()
  }

  /** One at a time: of two relays one would never be closed. */
  #create(): Promise<Relay> {
    this.#creating ??= this.#open().finally(() => (this.#creating = undefined))
    return this.#creating
  }

  async #open(): Promise<Relay> {
    const { kafka, applicationId: groupId, ...rest } = this.#options
    const id = `${groupId}-${this.#instance}-${++this.#counter}`
    const producer = await kafka.transactionalProducer(id)
    this.#relay = new Relay({ ...rest, producer, groupId })
    return this.#relay
  }
}
