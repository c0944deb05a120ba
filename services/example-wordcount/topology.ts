import { serdes, StreamsBuilder, type Topology } from 'rowstream'

/** The words of a line: runs of letters and digits of any script, in lower case. */
export function wordsOf(line: string): string[] {
  return line
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

/** Counts words: lines in, one count a word out, the table `counts` in between. */
export function wordCount(input: string, output: string): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream(input, { key: serdes.string, value: serdes.string })
    .flatMapValues(wordsOf)
    .groupBy((_, word) => word, { name: 'words' })
    .count({ store: 'counts' })
    .toStream()
    .to(output, { value: serdes.int64 })
  return builder.build()
}
