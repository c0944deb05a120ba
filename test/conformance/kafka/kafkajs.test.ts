import kafkajs from 'kafkajs'
import { decompress } from '../../../src/kafka/platformatic/decompress.ts'
import { brokerSuite } from './broker-suite.ts'
import type { Codec, CodecSupport } from './support/codecs.ts'
import { createKafkaJs } from './support/create-kafkajs.ts'

const BITS: Readonly<Record<Codec, number>> = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 }

/** kafkajs has gzip; a user registers the others, here with what reads them for the other adapter in place of a package. */
const codecs: CodecSupport = {
  // Those that are refused come first: a codec is registered for good.
  unreadable: ['snappy', 'lz4', 'zstd'],
  readable: ['gzip', 'snappy', 'lz4'],
  register: (codec) => {
    if (codec === 'gzip') return
    const create = () => ({
      compress: () => Promise.reject(new TypeError('nothing is compressed here')),
      decompress: (bytes: Buffer) => decompress(BITS[codec], bytes),
    })
    Object.assign(kafkajs.CompressionCodecs, { [BITS[codec]]: create })
  },
}

brokerSuite('kafkajs', createKafkaJs, codecs)
