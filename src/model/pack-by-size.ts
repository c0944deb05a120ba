/** Items in as few lists as the sum of their sizes allows, in order; one that is larger than the bound has a list of its own. */
export function packBySize<T>(
  items: readonly T[],
  sizeOf: (item: T) => number,
  sizeMax: number,
): T[][] {
  const packs: T[][] = []
  let size = Infinity
  for (const item of items) {
    size += sizeOf(item)
    if (size > sizeMax) {
      packs.push([])
      size = sizeOf(item)
    }
    packs.at(-1)!.push(item)
  }
  return packs
}
