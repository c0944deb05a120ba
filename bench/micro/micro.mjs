import { round } from '../lab/statistics.mjs'
import { print } from '../measure/columns.mjs'
import { check } from './check.mjs'
import { timeInThread } from './pass.mjs'
import { pieces } from './pieces.mjs'
import { once } from './sample.mjs'
import { withResults } from './stored-ratios.mjs'

/**
 * Times single pieces on the Node.js at hand, without servers.
 *
 * @param {{ isSmall: boolean, check: boolean }} settings Small: each piece once, to see that it works.
 */
export async function benchMicro(settings) {
  const names = pieces.map(({ name }) => name)
  if (settings.check) return check(names)
  const results = settings.isSmall
    ? pieces.map((piece) => ({ name: piece.name, ...once(piece) }))
    : await timeInThread(names)
  const rows = results.map(({ name, ns: { min, median, max }, ratio }) => [
    ...[name, round(min, 1), round(median, 1), round(max, 1), round(ratio)],
  ])
  const head = [`ns an operation, Node.js ${process.versions.node}`, 'min', 'median', 'max']
  print([...head, 'times the calibration'], rows)
  return withResults(results)
}
