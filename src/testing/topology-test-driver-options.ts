import type { StreamsOptions } from '../runtime/streams-options.ts'

/**
 * How a topology is tested: the options of `Streams`, none of which is required, and two more.
 *
 * Other defaults than there: `applicationId` `'test'`, `kafka` a new `memoryKafka()`, `database` a new `memory()`, `logger` the
 * console from `error` on. The broker begins empty, so a database that outlives the driver needs a schema of its own for each
 * (`schema`), unless the same `kafka` is handed in again: that is how a restart is tested.
 */
export interface TopologyTestDriverOptions extends Partial<StreamsOptions> {
  /**
   * Partitions of every topic that the driver makes; each is a task for each sub-topology. (Default: 1)
   *
   * @example
   * ```ts
   * const driver = await TopologyTestDriver.open(topology, { partitions: 2 })
   * driver.tasks // ['0_0', '0_1', '1_0', '1_1']
   * await driver.close()
   * ```
   */
  readonly partitions?: number
  /** Topics that are there, for sources that read by a pattern. (Default: none) */
  readonly topics?: readonly string[]
  /**
   * Whether stores and combiners hold back until the commit what the topology says they may. (Default: `false`: every record
   * is forwarded at once, so that outputs do not depend on when commits happen.)
   *
   * @example
   * ```ts
   * const driver = await TopologyTestDriver.open(topology, { cache: true })
   * await driver.createInputTopic('lines', { key: serdes.string, value: serdes.string }).pipeInput({ value: 'kafka sql kafka' })
   * const counts = driver.createOutputTopic('word-counts', { key: serdes.string, value: serdes.int64 })
   * counts.readKeyValues() // [['kafka', 2n], ['sql', 1n]]
   * await driver.close()
   * ```
   */
  readonly cache?: boolean
  /**
   * Asked after each record of any task whether to commit now, all tasks in one transaction; nothing else commits then but
   * {@link TopologyTestDriver.commit} and a processor that asks for it. What is not committed is lost by {@link TopologyTestDriver.restart}, and
   * processed again; other tasks get what was sent to them with the commit, and see rows of global tables then. Not with a `kafka` of
   * your own: there the application commits when it is time. (Default: yes, but once for records that were piped together)
   *
   * @example
   * ```ts
   * const driver = await TopologyTestDriver.open(topology, { commitsAfter: () => false })
   * await driver.createInputTopic('lines', { key: serdes.string, value: serdes.string }).pipeInput({ value: 'kafka' })
   * const counts = driver.createOutputTopic('word-counts', { key: serdes.string, value: serdes.int64 })
   * counts.isEmpty // true
   * await driver.commit()
   * counts.readKeyValues() // [['kafka', 1n]]
   * await driver.close()
   * ```
   */
  readonly commitsAfter?: () => boolean
  /**
   * Asked after each record of any task whether to crash now, before it is committed. All tasks go on from their last commit, and the
   * record comes again, so the answer must not always be yes. Not with a `kafka` of your own: there {@link TopologyTestDriver.crash}
   * crashes between records. (Default: no)
   *
   * @example
   * ```ts
   * let crashes = 3
   * const driver = await TopologyTestDriver.open(topology, { crashesAfter: () => crashes-- > 0 })
   * await driver.createInputTopic('lines', { key: serdes.string, value: serdes.string }).pipeInput({ value: 'kafka' })
   * const counts = driver.createOutputTopic('word-counts', { key: serdes.string, value: serdes.int64 })
   * counts.readKeyValues() // [['kafka', 1n]]
   * await driver.close()
   * ```
   */
  readonly crashesAfter?: () => boolean
}
