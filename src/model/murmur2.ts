const SEED = 0x9747b28c
const M = 0x5bd1e995

/** The 32-bit murmur2 hash that Kafka's producers partition by (`org.apache.kafka.common.utils.Utils.murmur2`), signed. */
export function murmur2(data: Uint8Array): number {
  let h = SEED ^ data.length
  let i = 0
  for (; i + 4 <= data.length; i += 4) {
    let k = data[i]! | (data[i + 1]! << 8) | (data[i + 2]! << 16) | (data[i + 3]! << 24)
    k = Math.imul(k, M)
    k ^= k >>> 24
    h = Math.imul(h, M) ^ Math.imul(k, M)
  }
  h = mixTail(h, data, i)
  h ^= h >>> 13
  h = Math.imul(h, M)
  return h ^ (h >>> 15)
}

function mixTail(hash: number, data: Uint8Array, from: number): number {
  const rest = data.length - from
  if (rest === 0) return hash
  let h = hash
  if (rest === 3) h ^= data[from + 2]! << 16
  if (rest >= 2) h ^= data[from + 1]! << 8
  return Math.imul(h ^ data[from]!, M)
}

/** The partition of a key, as the Java producer chooses it: positive murmur2 modulo the number of partitions. */
export function partitionOf(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions
}
