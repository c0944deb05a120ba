import { describe, expect, test } from '@jest/globals'
import { readSettings } from '../../../services/example-wordcount/settings.ts'

const REQUIRED = { KAFKA_BROKERS: 'a:9092', DATABASE_URL: 'postgres://localhost/app' }

describe('the settings of the service', () => {
  test('have defaults for all but the servers', () => {
    expect(readSettings(REQUIRED)).toEqual({
      brokers: ['a:9092'],
      databaseUrl: 'postgres://localhost/app',
      applicationId: 'wordcount',
      inputTopic: 'lines',
      outputTopic: 'word-counts',
      partitions: 4,
      kafkaClient: 'kafkajs',
      processingGuarantee: 'exactly_once',
      onError: 'fail',
      commitIntervalMs: undefined,
      sessionTimeoutMs: 10_000,
      groupInstanceId: undefined,
      healthPort: 0,
    })
  })

  test('take brokers with spaces between them', () => {
    const { brokers } = readSettings({ ...REQUIRED, KAFKA_BROKERS: 'a:9092, b:9092' })
    expect(brokers).toEqual(['a:9092', 'b:9092'])
  })

  test('take no health port for none', () => {
    expect(readSettings({ ...REQUIRED, HEALTH_PORT: '0' }).healthPort).toBe(0)
  })

  test.each([
    ['KAFKA_BROKERS', undefined, 'is not set'],
    ['KAFKA_BROKERS', ',', 'not a list of host:port'],
    ['KAFKA_BROKERS', 'a:9092,', 'not a list of host:port'],
    ['KAFKA_BROKERS', 'a', 'not a list of host:port'],
    ['DATABASE_URL', undefined, 'is not set'],
    ['DATABASE_URL', 'mysql://localhost/app', 'not of the form'],
    ['OUTPUT_TOPIC', 'lines', 'the same as INPUT_TOPIC'],
    ['PARTITIONS', '0', 'not a whole number from 1'],
    ['PARTITIONS', '-1', 'not a whole number'],
    ['COMMIT_INTERVAL_MS', '0', 'not a whole number from 1'],
    ['SESSION_TIMEOUT_MS', '0', 'not a whole number from 1'],
    ['SESSION_TIMEOUT_MS', '10s', 'not a whole number'],
    ['HEALTH_PORT', '65536', 'not a whole number from 0 to 65535'],
    ['ON_ERROR', 'ignore', 'not one of fail, skip'],
    ['PROCESSING_GUARANTEE', 'at_most_once', 'not one of'],
    ['KAFKA_CLIENT', 'java', 'not one of'],
  ])('refuse %s=%s and name it', (name, value, reason) => {
    expect(() => readSettings({ ...REQUIRED, [name]: value })).toThrow(
      new RegExp(`^${name} .*${reason}`),
    )
  })
})
