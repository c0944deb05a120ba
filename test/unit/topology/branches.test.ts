import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { runToy, ToyApplication } from './support/toy-application.ts'

const { string } = serdes
const boom = new RangeError('boom')

function streamOf(builder: StreamsBuilder) {
  return builder.stream('in', { key: string, value: string })
}

test('a record goes to the first branch whose predicate is true of it', async () => {
  const builder = new StreamsBuilder()
  const { long, even, other } = streamOf(builder)
    .split()
    .branch((_, value) => value.length > 3, { name: 'long' })
    .branch((_, value) => value.length % 2 === 0, { name: 'even' })
    .defaultBranch({ name: 'other' })
  long.to('long')
  even.to('even')
  other.to('other')
  const application = await runToy(builder.build(), [
    ['a', 'four', 1],
    ['a', 'xy', 2],
    ['a', 'x', 3],
  ])
  expect(application.read('long', string, string)).toEqual([['a', 'four', 1]])
  expect(application.read('even', string, string)).toEqual([['a', 'xy', 2]])
  expect(application.read('other', string, string)).toEqual([['a', 'x', 3]])
})

test('without a default branch all other records go no further', async () => {
  const builder = new StreamsBuilder()
  const branches = streamOf(builder)
    .split()
    .branch((_, value) => value === 'x', { name: 'x' })
    .noDefaultBranch()
  branches.x.to('out')
  const application = await runToy(builder.build(), [
    ['a', 'x'],
    ['a', 'y'],
  ])
  expect(application.read('out', string, string)).toEqual([['a', 'x', 0]])
  expect(application.context.drops).toEqual([])
})

test('the default branch is named default unless it is given a name', () => {
  const branches = streamOf(new StreamsBuilder()).split().defaultBranch()
  expect(Object.keys(branches)).toEqual(['default'])
})

test('a predicate that throws fails at the node of the split; the record reaches no branch', async () => {
  const builder = new StreamsBuilder()
  const throwing = (): boolean => {
    throw boom
  }
  const branches = streamOf(builder)
    .split({ name: 'sizes' })
    .branch(throwing, { name: '-large' })
    .defaultBranch()
  branches.default.to('out')
  const application = new ToyApplication(builder.build(), { skipsFailures: true })
  await application.pipe('in', ['a', 'x'])
  await application.commit()
  expect(application.context.failures).toEqual([
    { error: boom, node: 'sizes', phase: 'processing' },
  ])
  expect(application.outputs).toEqual([])
})

test('two branches of one name are refused', () => {
  const split = streamOf(new StreamsBuilder()).split({ name: 'sizes' })
  split.branch(() => true, { name: '-large' })
  expect(() => split.branch(() => false, { name: '-large' })).toThrow(
    "two nodes are named 'sizes-large'",
  )
})

test('a second default branch is refused', () => {
  const split = streamOf(new StreamsBuilder()).split({ name: 'sizes' })
  split.defaultBranch({ name: 'one' })
  expect(() => split.defaultBranch({ name: 'other' })).toThrow(
    'node sizes has a default branch already',
  )
})

test('the branches of a split are named as in Kafka Streams', () => {
  const builder = new StreamsBuilder()
  const branches = streamOf(builder)
    .split()
    .branch(() => true, { name: '-a' })
    .defaultBranch()
  branches['-a'].filter(() => true)
  expect(builder.build().describe()).toBe(`Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-BRANCH-0000000001
    Processor: KSTREAM-BRANCH-0000000001 (stores: [])
      --> KSTREAM-BRANCH-0000000001-a, KSTREAM-BRANCH-00000000010
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-BRANCH-0000000001-a (stores: [])
      --> KSTREAM-FILTER-0000000004
      <-- KSTREAM-BRANCH-0000000001
    Processor: KSTREAM-BRANCH-00000000010 (stores: [])
      --> none
      <-- KSTREAM-BRANCH-0000000001
    Processor: KSTREAM-FILTER-0000000004 (stores: [])
      --> none
      <-- KSTREAM-BRANCH-0000000001-a

`)
})
