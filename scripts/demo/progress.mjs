const REDRAW_MS = 200
const WIDTH = 40
/** A demo that stands still this long has failed. */
const STALLED_MS = 60_000

/**
 * Draws how far the application is, by what its own tables say, until every word is counted.
 *
 * @param {import('pg').Client} client
 * @param {string} schema
 * @param {{ lines: number, words: number }} size Of the whole text.
 * @param {AbortSignal} signal
 */
export async function showProgress(client, schema, { lines, words }, signal) {
  const startedAt = performance.now()
  let last = { read: 0, counted: 0 }
  let movedAt = startedAt
  while (last.counted < words) {
    signal.throwIfAborted()
    const now = await readProgress(client, schema)
    if (now.counted !== last.counted || now.read !== last.read) movedAt = performance.now()
    if (performance.now() - movedAt > STALLED_MS)
      throw new Error(`nothing has moved for ${STALLED_MS} ms`)
    last = now
    draw(now, lines, words, (performance.now() - startedAt) / 1000)
    await new Promise((resolve) => setTimeout(resolve, REDRAW_MS))
  }
  process.stdout.write('\n\n')
}

/** @param {import('pg').Client} client @param {string} schema */
async function readProgress(client, schema) {
  /** @type {import('pg').QueryResult<{ read: number, counted: number }>} */
  const { rows } = await client.query(`
    select
      (select coalesce(sum(next_offset), 0)::int from ${schema}.rowstream_offsets where task like '0\\_%') as read,
      (select coalesce(sum(value), 0)::int from ${schema}.counts) as counted`)
  return rows[0] ?? { read: 0, counted: 0 }
}

/**
 * @param {{ read: number, counted: number }} progress
 * @param {number} lines
 * @param {number} words
 * @param {number} seconds
 */
function draw({ read, counted }, lines, words, seconds) {
  const done = Math.round((WIDTH * counted) / words)
  const bar = '#'.repeat(done) + '-'.repeat(WIDTH - done)
  const rate = Math.round(read / seconds).toLocaleString('en')
  const text = `[${bar}] ${read.toLocaleString('en')}/${lines.toLocaleString('en')} lines, ${counted.toLocaleString('en')} words, ${rate} records/s`
  process.stdout.write(process.stdout.isTTY ? `\r${text}` : `${text}\n`)
}
