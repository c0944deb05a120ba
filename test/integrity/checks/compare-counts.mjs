/**
 * @typedef {object} CountRow A row of the table `counts`.
 * @property {string} key
 * @property {number} partition
 * @property {number} value
 */

/**
 * What the table says that the input does not, as sentences: none when it is exact.
 *
 * @param {ReadonlyMap<string, number>} expected Occurrences of each word in the input.
 * @param {readonly CountRow[]} rows
 * @returns {string[]}
 */
export function compareCounts(expected, rows) {
  const found = new Map(rows.map(({ key, value }) => [key, value]))
  return [
    ...doubleKeys(rows),
    ...[...expected].flatMap(([word, count]) => difference(word, count, found.get(word) ?? 0)),
    ...[...found].flatMap(([word, count]) =>
      expected.has(word) ? [] : [`'${word}' is counted ${count} times and was never sent`],
    ),
  ]
}

/** @param {string} word @param {number} expected @param {number} found */
function difference(word, expected, found) {
  if (found === expected) return []
  const [by, what] =
    found < expected ? [expected - found, 'lost'] : [found - expected, 'counted twice']
  return [`'${word}' is ${found}, not ${expected}: ${by} ${what}`]
}

/** @param {readonly CountRow[]} rows */
function doubleKeys(rows) {
  /** @type {Map<string, number>} */
  const partitions = new Map()
  return rows.flatMap(({ key, partition }) => {
    const first = partitions.get(key)
    partitions.set(key, partition)
    return first === undefined ? [] : [`'${key}' is in the partitions ${first} and ${partition}`]
  })
}
