import { describe, expect, test } from '@jest/globals'
import { TransactionRolledBackError } from '../../../src/errors/database-errors.ts'
import { deferred } from '../../support/deferred.ts'
import { turns, until } from '../../support/turns.ts'
import { commitWorld, REFUSED } from './commit-world.ts'

describe('a group commit that produces first (at_least_once)', () => {
  test('commits only when the records are acknowledged', async () => {
    const acknowledged = deferred()
    const { commit, sealed, durable, told } = await commitWorld({
      produce: () => acknowledged.promise,
    })
    commit.start([sealed('0_0')])
    await turns()
    expect(await durable()).toEqual([])
    acknowledged.resolve()
    await until('the commit', () => told.length > 0)
    expect(await durable()).toEqual(['0_0'])
  })

  test('commits nothing when producing fails', async () => {
    const { run, durable, told } = await commitWorld({ produce: () => Promise.reject(REFUSED) })
    await run('0_0')
    expect(await durable()).toEqual([])
    expect(told).toEqual([['failed', REFUSED]])
  })

  test('produces once, however often the database rolls back', async () => {
    let produced = 0
    const { database, run, told } = await commitWorld({ produce: async () => void produced++ })
    database.fail({ at: 'commit', error: new TransactionRolledBackError('deadlock'), times: 2 })
    await run('0_0')
    expect([produced, told.length]).toEqual([1, 1])
  })
})
