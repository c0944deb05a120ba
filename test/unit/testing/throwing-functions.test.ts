import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { TopologyTestDriver } from '../../../src/testing/topology-test-driver.ts'
import type { TopologyTestDriverOptions } from '../../../src/testing/topology-test-driver-options.ts'
import type { KStream } from '../../../src/topology/dsl/dsl.ts'
import { stores } from '../../../src/topology/processor/store-builder.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { openDriver } from './support/open-driver.ts'
import { Sources, THROWING_OPERATORS, type ThrowingOperator } from './support/throwing-operators.ts'

const { string, bytes } = serdes
const SERDES = { key: string, value: string }
const BYTES = { key: bytes, value: bytes }
const LETTERS = { onError: 'dead-letter', deadLetterQueueTopic: 'letters' } as const

type Stream = KStream<unknown, unknown>

interface State {
  readonly outputs: readonly unknown[]
  readonly rows: readonly unknown[]
}

/** How often a function throws, once it is armed. */
type Times = 'once' | 'always'

/** An application whose one operator has a function that throws while it is armed. */
class Application {
  readonly #driver: TopologyTestDriver
  readonly #operator: ThrowingOperator
  readonly #trap: Armed
  readonly #seen: unknown[] = []

  private constructor(driver: TopologyTestDriver, operator: ThrowingOperator, trap: Armed) {
    this.#driver = driver
    this.#operator = operator
    this.#trap = trap
  }

  static async open(
    operator: ThrowingOperator,
    options: TopologyTestDriverOptions = {},
  ): Promise<Application> {
    const [sources, trap] = [new Sources(), new Armed()]
    const stream = operator.define(sources, () => trap.spring()) as Stream | undefined
    stream?.map((key, value) => [textOf(key), textOf(value)]).to('out', SERDES)
    return new Application(await openDriver(sources.builder.build(), options), operator, trap)
  }

  /** Pipes some of the records, by their indices. */
  async pipe(from: number, to: number): Promise<void> {
    for (const [at, [topic, value]] of this.#operator.inputs.entries()) {
      if (at < from || at >= to) continue
      await this.#driver
        .createInputTopic(topic, SERDES)
        .pipeInput({ key: 'k', value, timestamp: at })
    }
  }

  arm(times: Times): void {
    this.#trap.times = times
  }

  /** @returns How often the function threw. */
  disarm(): number {
    this.#trap.times = undefined
    return this.#trap.thrown
  }

  restart(): Promise<void> {
    return this.#driver.restart()
  }

  /** What everybody sees: all outputs so far, and the rows. */
  async state(): Promise<State> {
    if (this.#driver.producedTopicNames.includes('out'))
      this.#seen.push(...this.#driver.createOutputTopic('out', SERDES).readRecords())
    return { outputs: [...this.#seen], rows: await this.#rows() }
  }

  letters(): readonly unknown[] {
    return this.#driver.createOutputTopic('letters', BYTES).readRecords()
  }

  async #rows(): Promise<readonly unknown[]> {
    const { kept } = this.#operator
    if (kept === undefined) return []
    if (kept === 'window') return this.#driver.getWindowStore('kept').entries()
    if (kept === 'session') return this.#driver.getSessionStore('kept').entries()
    return this.#driver.getKeyValueStore('kept').entries()
  }
}

/** A trap that throws once it is armed. */
class Armed {
  times: Times | undefined
  thrown = 0

  spring(): void {
    if (this.times === undefined) return
    if (this.times === 'once') this.times = undefined
    this.thrown++
    throw new RangeError('boom')
  }
}

function textOf(part: unknown): string {
  return typeof part === 'string' ? part : JSON.stringify(part)
}

async function stateWithoutFailures(operator: ThrowingOperator): Promise<State> {
  const application = await Application.open(operator)
  await application.pipe(0, operator.inputs.length)
  return application.state()
}

/** What is left of a record whose function threw. */
function stateAfter({ losesFirst }: ThrowingOperator, { outputs, rows }: State): unknown {
  if (losesFirst === undefined) return { outputs, rows }
  const told = expect.objectContaining({ key: losesFirst, value: 'null' })
  return { outputs: [...outputs, told], rows: [] }
}

beforeEach(() => {
  // `print` is one of the operators.
  jest.spyOn(process.stdout, 'write').mockReturnValue(true)
})
afterEach(() => {
  jest.restoreAllMocks()
})

describe.each(THROWING_OPERATORS.map((operator) => [operator.name, operator] as const))(
  'what the function of %s throws',
  (_, operator) => {
    const { calledBy, inputs, code = 'PROCESSING_FAILED' } = operator
    const failure = { code, position: { partition: 0 } }

    const times = (['once', 'always'] as const).filter(
      (one) => one === 'always' || !operator.isAskedAhead,
    )
    const decisions = [
      ['skipped', { onError: 'skip' }],
      ['sent to the dead letter topic', LETTERS],
    ] as const

    test.each(times)('%s, fails: nothing is committed', async (often) => {
      const application = await Application.open(operator)
      await application.pipe(0, calledBy)
      const before = await application.state()
      application.arm(often)
      await expect(application.pipe(calledBy, calledBy + 1)).rejects.toMatchObject(failure)
      expect(await application.state()).toEqual(before)
      if (often === 'always') await expect(application.restart()).rejects.toMatchObject(failure)
      expect(await application.state()).toEqual(before)

      expect(application.disarm()).toBeGreaterThan(0)
      await application.restart()
      await application.pipe(calledBy + 1, inputs.length)
      expect(await application.state()).toEqual(await stateWithoutFailures(operator))
    })

    test.each(times.flatMap((often) => decisions.map((decision) => [often, ...decision] as const)))(
      '%s, is %s: the operator leaves nothing',
      async (often, _decision, options) => {
        const application = await Application.open(operator, options)
        await application.pipe(0, calledBy)
        const before = await application.state()
        application.arm(often)
        await application.pipe(calledBy, calledBy + 1)
        expect(await application.state()).toEqual(stateAfter(operator, before))

        expect(application.disarm()).toBeGreaterThan(0)
        if (options === LETTERS) expect(application.letters()).toHaveLength(1)
        await application.restart()
        await application.pipe(calledBy + 1, inputs.length)
        if (operator.kept) expect(await application.state()).not.toEqual(before)
      },
    )
  },
)

describe('a processor that puts, forwards, and then throws, between two branches', () => {
  const seen = stores.keyValue({ name: 'seen', ...SERDES })

  async function open(options: TopologyTestDriverOptions) {
    const builder = new StreamsBuilder()
    const input = builder.stream('in', SERDES)
    input.groupByKey().count({ store: 'before' })
    input
      .process(
        (record, context) => {
          context.store(seen).put(record.key, record.value)
          void context.forward(record)
          throw new RangeError('boom')
        },
        { stores: [seen] },
      )
      .to('out', SERDES)
    input.groupByKey().count({ store: 'after' })
    const driver = await openDriver(builder.build(), options)
    const piped = driver.createInputTopic('in', SERDES).pipeInput({ key: 'k', value: 'v' })
    const state = async () => ({
      outputs: driver.createOutputTopic('out', SERDES).readKeyValues(),
      rows: await Promise.all(
        ['before', 'seen', 'after'].map((name) => driver.getKeyValueStore(name).get('k')),
      ),
    })
    return { piped, state }
  }

  test.each([{ onError: 'skip' }, LETTERS] as const)(
    'leaves with %j what came before',
    async (options) => {
      const { piped, state } = await open(options)
      await piped
      expect(await state()).toEqual({ outputs: [['k', 'v']], rows: [1, 'v', 1] })
    },
  )

  test('leaves nothing where it fails', async () => {
    const { piped, state } = await open({})
    await expect(piped).rejects.toMatchObject({ code: 'PROCESSING_FAILED' })
    const none = undefined
    expect(await state()).toEqual({ outputs: [], rows: [none, none, none] })
  })
})
