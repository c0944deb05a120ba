import { expect, test } from '@jest/globals'
import { EventEmitter } from 'node:events'
import pg from 'pg'
import { SessionPool } from '../../../src/database/postgres/session-pool.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'

const logger = consoleLogger('silent')

test('a connection of a shared pool is listened to once, however many share it', () => {
  const pool = new pg.Pool()
  for (let count = 0; count < 3; count++) void new SessionPool({ pool }, logger)
  const client = new EventEmitter()
  pool.emit('connect', client)
  expect(client.listenerCount('error')).toBe(1)
})

test('the pool of an application is left without listeners of ours', async () => {
  const pool = new pg.Pool()
  pool.on('connect', () => undefined)
  const [one, other] = [new SessionPool({ pool }, logger), new SessionPool({ pool }, logger)]
  await one.close()
  expect([pool.listenerCount('connect'), pool.listenerCount('error')]).toEqual([2, 1])
  await other.close()
  expect([pool.listenerCount('connect'), pool.listenerCount('error')]).toEqual([1, 0])
})
