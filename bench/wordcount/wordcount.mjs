import { contest } from '../measure/contest.mjs'
import { produceLines } from '../measure/work.mjs'

/** Words that lines are made of. */
export const DISTINCT_WORDS = 50_000

/** @type {import('../sides/sides.mjs').Program} */
export const WORD_COUNT = { topology: 'wordcount', javaClass: 'WordCount' }

/**
 * Word count beside Kafka Streams.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 */
export async function benchWordCount(lab, settings) {
  const work = await produceLines(lab, { lines: settings.lines, distinct: DISTINCT_WORDS })
  const processes = settings.processes ?? (settings.isSmall ? [1] : [1, 2])
  return contest(lab, { ...settings, processes }, 'wordcount', { program: WORD_COUNT, work })
}
