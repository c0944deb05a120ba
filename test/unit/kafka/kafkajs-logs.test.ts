import { describe, expect, jest, test } from '@jest/globals'
import { logLevel } from 'kafkajs'
import { kafkaJsLogs } from '../../../src/kafka/kafkajs/kafkajs-logs.ts'

describe('what kafkajs logs', () => {
  test('reaches our logger as warnings; its errors, which are thrown as well, are no alarm', () => {
    const logger = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() }
    const { logCreator } = kafkaJsLogs(logger)
    const log = logCreator(logLevel.WARN)
    const line = (message: string) => ({
      message,
      timestamp: 'now',
      logger: 'kafkajs',
      broker: 'b',
    })
    log({ namespace: 'n', label: 'WARN', level: logLevel.WARN, log: line('careful') })
    log({ namespace: 'n', label: 'ERROR', level: logLevel.ERROR, log: line('Connection error') })
    log({ namespace: 'n', label: 'ERROR', level: logLevel.ERROR, log: line('Response EndTxn') })
    expect(logger.warn.mock.calls).toEqual([['kafkajs: careful', { namespace: 'n', broker: 'b' }]])
    expect(logger.debug).toHaveBeenCalledTimes(1)
    expect(logger.error).not.toHaveBeenCalled()
  })
})
