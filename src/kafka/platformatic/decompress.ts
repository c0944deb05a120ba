import { compressionsAlgorithmsByBitmask } from '@platformatic/kafka'

/**
 * The records of a batch as they were before compression.
 *
 * @throws the error of @platformatic/kafka for zstd where Node.js has none.
 */
export async function decompress(codec: number, records: Buffer): Promise<Buffer> {
  const algorithm = compressionsAlgorithmsByBitmask[codec]
  if (!algorithm) throw new TypeError(`unknown compression codec ${codec}`)
  return algorithm.decompressSync(records)
}
