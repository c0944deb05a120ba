/**
 * The places between two durable steps where a crash or a freeze is worth testing.
 *
 * `claimed`: after a claim, before the predecessor is fenced · `fenced`: inside the database transaction, after the fence
 * and before COMMIT · `committed`: after COMMIT, before the Kafka transaction begins · `end-txn`: everything is sent to
 * Kafka, EndTxn is not.
 */
export type TestPoint = 'claimed' | 'fenced' | 'committed' | 'end-txn'

/** Lets a test wait for, or stop at, a {@link TestPoint}. Absent in production: then nothing is awaited. */
export interface TestSignals {
  /** Called when the point is reached; processing goes on when the promise resolves. */
  reached(point: TestPoint): Promise<void>
}
