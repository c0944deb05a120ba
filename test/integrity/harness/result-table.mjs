/** @typedef {import('./run-scenario.mjs').Result} Result */

const HEADER = ['scenario', 'result', 'faults', 'lines', 'records', 'takeover ms', 'seconds']

/** @param {Result} result */
export function resultLine({ name, problems, faults, lines, records, seconds }) {
  const what = `${faults} faults, ${lines} lines, ${records} output records, ${seconds.toFixed(1)} s`
  return problems.length === 0 ? `${name}: exact; ${what}` : `${name}: FAILED; ${what}`
}

/** All results in columns. @param {readonly Result[]} results */
export function resultTable(results) {
  const rows = [HEADER, ...results.map(cells)]
  const widths = HEADER.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** @param {Result} result */
function cells({ name, problems, faults, lines, records, takeovers, seconds }) {
  const outcome = problems.length === 0 ? 'exact' : 'FAILED'
  return [
    name,
    outcome,
    ...[faults, lines, records].map(String),
    spread(takeovers),
    seconds.toFixed(1),
  ]
}

/** Median and maximum. @param {readonly number[]} times */
function spread(times) {
  const sorted = times.toSorted((a, b) => a - b)
  if (sorted.length === 0) return '-'
  return `${sorted[Math.floor(sorted.length / 2)]} (max ${sorted.at(-1)})`
}
