import { inspect } from 'node:util'
import type { RecordFunction } from '../processing/functions.ts'

/** How `print` shows a record unless it is told how. */
function textOf(key: unknown, value: unknown): string {
  return [key, value].map((part) => (typeof part === 'string' ? part : inspect(part))).join(', ')
}

/** Prints a line `[label]: key, value`. */
export function printRecord(
  label: string,
  mapper: RecordFunction<string> = textOf,
): RecordFunction<void> {
  return (key, value) => void process.stdout.write(`[${label}]: ${mapper(key, value)}\n`)
}
