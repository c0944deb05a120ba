import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'

/** Splits at white space only, so that a test decides what a word is made of. */
export function wordCount(input: string, output: string): Topology {
  return countWordsOf((line) => line.split(/\s+/).filter((word) => word !== ''))(input, output)
}

/** A word count with any way to find words in a line. */
export function countWordsOf(words: (line: string) => string[]) {
  return (input: string, output: string): Topology => {
    const builder = new StreamsBuilder()
    builder
      .stream(input, { key: serdes.string, value: serdes.string })
      .flatMapValues(words)
      .groupBy((_, word) => word, { name: 'words' })
      .count({ store: 'counts' })
      .toStream()
      .to(output, { value: serdes.int64 })
    return builder.build()
  }
}
