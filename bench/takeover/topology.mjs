import { serdes, stores, StreamsBuilder } from 'rowstream'

/** The key whose records tell who owns the partition; no key of the state is spelt like it. */
const PROBE = 'probe'

const strings = { key: serdes.string, value: serdes.string }
const counts = stores.keyValue({ name: 'counts', key: serdes.string, value: serdes.int64 })

/**
 * Counts records by key, and says when this process has its first probe: when, which one, and the count of probes with it.
 *
 * @param {string} input
 * @param {string} output
 */
export function countProbes(input, output) {
  const builder = new StreamsBuilder()
  builder
    .stream(input, strings)
    .process({ get: () => new CountProbes() }, { stores: [counts], name: 'count-probes' })
    .to(output, { key: serdes.string, value: serdes.int64 })
  return builder.build()
}

/** @typedef {import('rowstream').Processor<string, string, string, bigint>} ProbeProcessor */

/** @implements {ProbeProcessor} */
class CountProbes {
  static #isFirst = true

  /**
   * @param {import('rowstream').StreamRecord<string, string>} record
   * @param {import('rowstream').ProcessorContext<string, bigint>} context
   */
  async process(record, context) {
    const store = context.store(counts)
    const count = ((await store.get(record.key)) ?? 0n) + 1n
    if (record.key === PROBE && CountProbes.#isFirst) {
      CountProbes.#isFirst = false
      report({ event: 'first', at: Date.now(), sequence: record.value, count: Number(count) })
    }
    store.put(record.key, count)
    await context.forward({ ...record, value: count })
  }
}

/** @param {object} event */
function report(event) {
  process.stdout.write(`${JSON.stringify(event)}\n`)
}
