import { brokerSuite } from './broker-suite.ts'
import { hasZstd, type Codec } from './support/codecs.ts'
import { createPlatformatic } from './support/create-platformatic.ts'

const zstd: readonly Codec[] = ['zstd']

brokerSuite('platformatic', createPlatformatic, {
  readable: ['gzip', 'snappy', 'lz4', ...(hasZstd ? zstd : [])],
  unreadable: hasZstd ? [] : zstd,
})
