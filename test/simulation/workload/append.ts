/**
 * A list with one entry more. Throws where it was there before: an owner that was away may see what its successor has written, which
 * must never be taken for an error of the application.
 */
export function append(_key: string, entry: string, list: string): string {
  if (`,${list}`.includes(`,${entry},`)) throw new TypeError(`${entry} is in ${list} already`)
  return `${list}${entry},`
}
