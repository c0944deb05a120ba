import { deepStrictEqual } from 'node:assert/strict'
import type { Topology } from '../topology/topology.ts'
import type { TestInputTopicOptions } from './test-input-topic.ts'
import type { TestOutputTopicOptions } from './test-output-topic.ts'
import type { TestInput } from './test-record.ts'
import type { TopologyTestDriverOptions } from './topology-test-driver-options.ts'
import { TopologyTestDriver } from './topology-test-driver.ts'

/** Something that happens in a scenario. */
export type Step = (driver: TopologyTestDriver) => Promise<void>

/** What an output topic is to have. */
export interface Expectation {
  readonly topic: string
  /** Keys and values, in order. */
  readonly records: readonly (readonly [key: unknown, value: unknown])[]
  /** Takes what the topic has. */
  read(driver: TopologyTestDriver): readonly (readonly [key: unknown, value: unknown])[]
}

/** What happens, and what comes of it. */
export interface Scenario {
  /** What was before; nobody looks at its outputs. */
  readonly given?: readonly Step[]
  readonly when: readonly Step[]
  /** The whole output of each topic that is named, since `given`. */
  readonly then: readonly Expectation[]
}

/** Records for a topic are a step of a scenario: a function that makes such steps. */
export function inputTopic<K, V>(
  topic: string,
  options: TestInputTopicOptions<K, V>,
): (...records: readonly TestInput<K, V>[]) => Step {
  return (...records) =>
    (driver) =>
      driver.createInputTopic(topic, options).pipeInputs(records)
}

/** What a topic is to have is an expectation of a scenario: a function that makes such expectations. */
export function outputTopic<K, V>(
  topic: string,
  options: TestOutputTopicOptions<K, V>,
): (...records: readonly (readonly [key: K | null, value: V | null])[]) => Expectation {
  return (...records) => ({
    topic,
    records,
    read: (driver) => driver.createOutputTopic(topic, options).readKeyValues(),
  })
}

/** A step: the application crashes, and goes on from its last commit. */
export function crash(): Step {
  return (driver) => driver.crash()
}

/** A step: the application stops and starts again, and goes on with what the database has; with a `kafka` of your own it commits first. */
export function restart(): Step {
  return (driver) => driver.restart()
}

/** A step: the clock goes on, in milliseconds. */
export function wallClock(ms: number): Step {
  return (driver) => driver.advanceWallClockTime(ms)
}

/**
 * Runs a topology through what was given, then through what happens, and compares what comes of that.
 *
 * @throws AssertionError of Node when an output topic has other records, and whatever stops the application.
 *
 * @example
 * ```ts
 * const lines = inputTopic('lines', { key: serdes.string, value: serdes.string })
 * const counts = outputTopic('word-counts', { key: serdes.string, value: serdes.int64 })
 * await runScenario(topology, {
 *   given: [lines({ value: 'kafka' })],
 *   when: [crash(), lines({ value: 'sql kafka' })],
 *   then: [counts(['sql', 1n], ['kafka', 2n])],
 * })
 * ```
 */
export async function runScenario(
  topology: Topology,
  { given = [], when, then }: Scenario,
  options?: TopologyTestDriverOptions,
): Promise<void> {
  const driver = await TopologyTestDriver.open(topology, options)
  try {
    for (const step of given) await step(driver)
    for (const expectation of then) expectation.read(driver)
    for (const step of when) await step(driver)
    for (const expectation of then)
      deepStrictEqual(expectation.read(driver), expectation.records, `topic ${expectation.topic}`)
  } finally {
    await driver.close()
  }
}
