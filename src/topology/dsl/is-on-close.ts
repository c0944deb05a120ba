import { checkWord } from './check-word.ts'
import type { EmitStrategy } from './dsl.ts'

/** Whether changes are told when windows close. @throws TypeError when there is no such strategy. */
export function isOnClose(strategy: EmitStrategy): boolean {
  return (
    checkWord('emitStrategy', strategy, ['on-window-update', 'on-window-close']) ===
    'on-window-close'
  )
}
