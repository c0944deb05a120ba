import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { ProcessingError } from '../../../src/errors/record-errors.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'

let written: string[] = []
beforeEach(() => {
  written = []
  jest.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    written.push(String(chunk))
    return true
  })
})
afterEach(() => void jest.restoreAllMocks())

const line = (): unknown => JSON.parse(written[0]!)

describe('the console logger', () => {
  test('writes one line of JSON with time, level and message', () => {
    consoleLogger().warn('hello', { task: '0_0' })
    expect(written[0]).toMatch(/^[^\n]*\n$/)
    expect(line()).toMatchObject({ level: 'warn', message: 'hello', task: '0_0' })
    expect(line()).toHaveProperty('time', expect.stringMatching(/^\d{4}-.*Z$/))
  })

  test('writes from its level on', () => {
    const logger = consoleLogger('warn')
    logger.debug('no')
    logger.info('no')
    logger.warn('yes')
    logger.error('yes')
    expect(written).toHaveLength(2)
  })

  test('that is silent writes nothing', () => {
    consoleLogger('silent').error('no')
    expect(written).toEqual([])
  })

  test('writes a bigint as its digits', () => {
    consoleLogger().info('at', { offset: 2n ** 60n })
    expect(line()).toMatchObject({ offset: '1152921504606846976' })
  })

  test('writes an error with name, message and code', () => {
    consoleLogger().error('failed', { error: new ProcessingError('map', 'boom') })
    expect(line()).toMatchObject({
      error: {
        name: 'ProcessingError',
        code: 'PROCESSING_FAILED',
        message: 'node map failed: boom',
      },
    })
  })
  test('writes what an error was caused by', () => {
    const cause = new TypeError('below', { cause: new RangeError('at the bottom') })
    consoleLogger().error('failed', { error: new ProcessingError('map', 'boom', { cause }) })
    expect(line()).toMatchObject({
      error: { cause: { name: 'TypeError', cause: { message: 'at the bottom' } } },
    })
  })
})
