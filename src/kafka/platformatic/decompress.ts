import { compressionsAlgorithms, compressionsAlgorithmsByBitmask } from '@platformatic/kafka'
import { snappyFrames } from './snappy-frames.ts'

const { snappy } = compressionsAlgorithms

/**
 * The records of a batch as they were before compression.
 *
 * @throws the error of @platformatic/kafka for zstd where Node.js has none.
 */
export async function decompress(codec: number, records: Buffer): Promise<Buffer> {
  // 1.35 does not know the frames of the Java client.
  if (codec === snappy.bitmask)
    return Buffer.concat(snappyFrames(records).map((frame) => snappy.decompressSync(frame)))
  const algorithm = compressionsAlgorithmsByBitmask[codec]
  if (!algorithm) throw new TypeError(`unknown compression codec ${codec}`)
  return algorithm.decompressSync(records)
}
