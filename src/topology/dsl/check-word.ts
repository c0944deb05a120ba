/** @throws TypeError unless it is one of the words: types say so, but not everybody has them. */
export function checkWord<Word extends string>(
  option: string,
  given: Word,
  words: readonly Word[],
): Word {
  if (words.includes(given)) return given
  throw new TypeError(`${option} is '${words.join("' or '")}', not '${given}'`)
}
