/** A record as an example writes it: `('a', 5) at 3 s`, or without a time. */
export interface SaidRecord {
  readonly key: unknown
  readonly value: unknown
  /** Milliseconds. */
  readonly timestamp: number | undefined
}

const TIME = /^ at (-?\d+)( s)?/

/** The records in a line; what else it says is for people. */
export function saidRecords(text: string): readonly SaidRecord[] {
  const records: SaidRecord[] = []
  for (let from = text.indexOf('('); from >= 0;) {
    const end = endOfGroup(text, from)
    const [key, value] = literal(text.slice(from + 1, end))
    const [, time, seconds] = TIME.exec(text.slice(end + 1)) ?? []
    const timestamp = time === undefined ? undefined : Number(time) * (seconds ? 1_000 : 1)
    records.push({ key, value, timestamp })
    from = text.indexOf('(', end)
  }
  return records
}

function literal(text: string): readonly unknown[] {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- of our own docstrings
  const read = new Function(`return [${text}]`) as () => unknown[]
  return read()
}

/** Where the parenthesis that opens at `from` is closed; those in texts do not count. */
function endOfGroup(text: string, from: number): number {
  let quote: string | undefined
  for (let at = from, depth = 0; at < text.length; at++) {
    const char = text[at]!
    if (quote === undefined && (char === "'" || char === '`')) quote = char
    else if (char === quote) quote = undefined
    else if (quote !== undefined) continue
    else if (char === '(') depth++
    else if (char === ')' && --depth === 0) return at
  }
  throw new TypeError(`no end of ${text.slice(from)}`)
}
