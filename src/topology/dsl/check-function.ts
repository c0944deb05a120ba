/** @throws TypeError unless it is a function: types say so, but not everybody has them. */
export function checkFunction(candidate: unknown, operator: string): void {
  if (typeof candidate !== 'function')
    throw new TypeError(`${operator} takes a function, not ${typeof candidate}`)
}
