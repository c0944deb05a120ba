/** One statement, compiled. */
export interface Statement {
  readonly text: string
  readonly values: readonly (Buffer | string | null)[]
  /** Whose rows it is about, to be named when the server refuses one. */
  readonly table: string
}
