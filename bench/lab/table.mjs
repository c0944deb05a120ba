/**
 * A table as text: the first column to the left, the others to the right.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly (string | number)[])[]} rows
 */
export function table(head, rows) {
  const cells = [head, ...rows.map((row) => row.map(format))]
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const lines = cells.map((row) => row.map((text, column) => pad(text, column, widths)).join('  '))
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '))
  return lines.join('\n')
}

/** @param {string | number} value */
function format(value) {
  return typeof value === 'number'
    ? value.toLocaleString('en', { maximumFractionDigits: 2 })
    : value
}

/**
 * @param {string} text
 * @param {number} column
 * @param {readonly number[]} widths
 */
function pad(text, column, widths) {
  const width = widths[column] ?? 0
  return column === 0 ? text.padEnd(width) : text.padStart(width)
}
