import type { SourcePosition } from '../commit/commit-unit.ts'

/**
 * Where a next owner of a task without state would go on: at the positions of its last batch that is known to be published. What
 * lies before is not needed any more; what is durable in the database may be ahead of it.
 */
export class ReplayPoint {
  #positions: readonly SourcePosition[]
  readonly #underWay = new Map<bigint, readonly SourcePosition[]>()

  constructor(positions: readonly SourcePosition[]) {
    this.#positions = positions
  }

  get positions(): readonly SourcePosition[] {
    return this.#positions
  }

  /** A batch is on its way. */
  sealed(sequence: bigint, positions: readonly SourcePosition[]): void {
    this.#underWay.set(sequence, positions)
  }

  /** Batches are known to be published, in the order of their sequences. */
  published(sequences: readonly bigint[]): void {
    for (const sequence of sequences) {
      this.#positions = this.#underWay.get(sequence) ?? this.#positions
      this.#underWay.delete(sequence)
    }
  }
}
