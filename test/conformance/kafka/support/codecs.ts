import zlib from 'node:zlib'

/** How Kafka names what compresses its batches. */
export type Codec = 'gzip' | 'snappy' | 'lz4' | 'zstd'

/** What an adapter reads, and what it says that it does not. */
export interface CodecSupport {
  readonly readable: readonly Codec[]
  readonly unreadable: readonly Codec[]
  /** Tells the client library how to read a codec, where that is the user's business. */
  readonly register?: (codec: Codec) => void
}

/** From 22.15 on. */
export const hasZstd = 'zstdDecompressSync' in zlib
