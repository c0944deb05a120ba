const DEFAULT_CAPACITY = 16
const LOAD_FACTOR = 0.75

/**
 * Texts in the order in which Java prints a `HashSet` made of them: by bucket, so that `describe()`
 * is equal to Java's.
 */
export function javaSetOrder(texts: readonly string[]): readonly string[] {
  const needed = Math.max(Math.floor(texts.length / LOAD_FACTOR) + 1, DEFAULT_CAPACITY)
  const buckets = 2 ** Math.ceil(Math.log2(needed))
  return texts.toSorted((a, b) => bucketOf(a, buckets) - bucketOf(b, buckets))
}

function bucketOf(text: string, buckets: number): number {
  const hash = hashCode(text)
  return (hash ^ (hash >>> 16)) & (buckets - 1)
}

/** Java's `String.hashCode`. */
function hashCode(text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index++)
    hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0
  return hash
}
