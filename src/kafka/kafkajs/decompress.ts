import kafkajs from 'kafkajs'

/**
 * The records of a batch as they were before compression.
 *
 * gzip comes with kafkajs; snappy, lz4 and zstd work when the application registers a codec with kafkajs, as its manual says.
 * @throws the error of kafkajs that names the codec when there is none.
 */
export async function decompress(codec: number, records: Buffer): Promise<Buffer> {
  const create = (kafkajs.CompressionCodecs as Record<number, (() => Codec) | undefined>)[codec]
  if (!create) throw new TypeError(`unknown compression codec ${codec}`)
  return create().decompress(records)
}

interface Codec {
  decompress(compressed: Buffer): Promise<Buffer>
}
