/**
 * @typedef {object} OutputRecord A record of the output topic, as an independent reader sees it.
 * @property {number} partition
 * @property {number} offset
 * @property {string} key
 * @property {number} value
 *
 * @typedef {import('./compare-counts.mjs').CountRow} CountRow
 */

/**
 * What the output topic says that the table does not, as sentences. Each word's records must end with its count, and rise
 * strictly unless they may repeat (`at_least_once`).
 *
 * @param {readonly OutputRecord[]} records In the order of their offsets within a partition.
 * @param {readonly CountRow[]} rows
 * @param {{ mayRepeat: boolean }} options
 * @returns {string[]}
 */
export function checkOutput(records, rows, { mayRepeat }) {
  /** @type {Map<string, OutputRecord>} */
  const last = new Map()
  /** @type {string[]} */
  const problems = []
  for (const record of records) {
    const before = last.get(record.key)
    if (before && !mayRepeat && record.value <= before.value) problems.push(fall(before, record))
    last.set(record.key, record)
  }
  return [...problems, ...rows.flatMap((row) => endOf(row, last)), ...strangers(last, rows)]
}

/** @param {OutputRecord} before @param {OutputRecord} after */
function fall(before, after) {
  const what = after.value === before.value ? 'is there twice' : 'falls'
  return (
    `'${after.key}' ${what} in the output: ${before.value} at ${before.partition}@${before.offset}, ` +
    `then ${after.value} at ${after.partition}@${after.offset}`
  )
}

/** @param {CountRow} row @param {ReadonlyMap<string, OutputRecord>} last */
function endOf({ key, partition, value }, last) {
  const record = last.get(key)
  if (!record) return [`'${key}' is ${value} in the table and not in the output`]
  if (record.partition !== partition) {
    return [`'${key}' is in partition ${partition} of the table, ${record.partition} of the output`]
  }
  if (record.value === value) return []
  return [`'${key}' is ${value} in the table, the output ends with ${record.value}`]
}

/** @param {ReadonlyMap<string, OutputRecord>} last @param {readonly CountRow[]} rows */
function strangers(last, rows) {
  const known = new Set(rows.map(({ key }) => key))
  return [...last.keys()]
    .filter((key) => !known.has(key))
    .map((key) => `'${key}' is in the output and not in the table`)
}
