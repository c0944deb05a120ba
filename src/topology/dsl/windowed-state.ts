import type { GroupState } from './group-state.ts'

/** What is known of a windowed group while it is being defined. */
export interface WindowedState<Windows> {
  readonly group: GroupState
  readonly windows: Windows
  /** Told are windows that have closed, once each, in place of every update. */
  readonly emitsOnClose: boolean
}
