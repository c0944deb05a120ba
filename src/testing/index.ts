export { TopologyTestDriver, type TestStateStore } from './topology-test-driver.ts'
export type { TopologyTestDriverOptions } from './topology-test-driver-options.ts'
export type { TestInputTopic, TestInputTopicOptions } from './test-input-topic.ts'
export type { TestOutputTopic, TestOutputTopicOptions } from './test-output-topic.ts'
export {
  MockProcessorContext,
  type CapturedForward,
  type CapturedPunctuator,
  type MockProcessorContextOptions,
} from './mock-processor-context.ts'
export type { TestKeyValueStore, TestStoreEntry } from './test-key-value-store.ts'
export type { TestVersionedEntry, TestVersionedStore } from './test-versioned-store.ts'
export type { TestWindowedStore } from './test-windowed-store.ts'
export {
  crash,
  inputTopic,
  outputTopic,
  restart,
  runScenario,
  wallClock,
  type Expectation,
  type Scenario,
  type Step,
} from './scenario.ts'
export type { TestInput, TestRecord } from './test-record.ts'
