/** @typedef {import('../sides/sides.mjs').Side} Side */

/**
 * Every side once a round, the order reversed every other round.
 *
 * @template {{ name: string }} S
 * @template T
 * @param {readonly S[]} sides
 * @param {number} rounds
 * @param {(side: S) => Promise<T>} measure
 * @param {(measured: T) => string} describe For a line of progress.
 * @returns {Promise<Map<string, T[]>>} By the name of the side.
 */
export async function alternate(sides, rounds, measure, describe) {
  /** @type {Map<string, T[]>} */
  const measured = new Map(sides.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const one = await measure(side)
      measured.get(side.name)?.push(one)
      console.log(`round ${round + 1}: ${side.name}: ${describe(one)}`)
    }
  }
  return measured
}
