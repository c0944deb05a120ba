import { describe, expect, test } from '@jest/globals'
import { entryBytes } from '../../../src/stores/cache-entry.ts'
import { WriteBehindCache } from '../../../src/stores/write-behind-cache.ts'
import { deferred } from '../../support/deferred.ts'

type Found = Iterable<readonly [string, { value: string; timestamp: number } | undefined]>

const row = (value: string) => ({ value, timestamp: 0 })
const valueOf = (cache: WriteBehindCache<string>, key: string) => cache.find(key)?.current?.value

describe('the write-behind cache', () => {
  test('gives the newest value, whichever unit wrote it', () => {
    const cache = new WriteBehindCache<string>(() => 1e6)
    cache.write('a', row('1'))
    cache.seal()
    cache.write('a', row('2'))
    expect(valueOf(cache, 'a')).toBe('2')
  })

  test('a key written twice in a unit is sealed once', () => {
    const cache = new WriteBehindCache<string>(() => 1e6)
    cache.write('a', row('1'))
    cache.write('a', row('2'))
    expect(cache.dirtyBytes).toBe(entryBytes('a', '2'))
    expect(cache.seal().entries.map(({ current }) => current?.value)).toEqual(['2'])
  })

  test('a sealed unit leaves nothing dirty behind', () => {
    const cache = new WriteBehindCache<string>(() => 1e6)
    cache.write('a', row('1'))
    cache.seal()
    expect(cache.dirtyBytes).toBe(0)
    expect(cache.seal().entries).toEqual([])
  })

  test('a deleted key is known to be absent', () => {
    const cache = new WriteBehindCache<string>(() => 1e6)
    cache.write('a', undefined)
    expect(cache.has('a')).toBe(true)
    expect(valueOf(cache, 'a')).toBeUndefined()
  })

  test('a read that began before a write does not replace it', async () => {
    const cache = new WriteBehindCache<string>(() => 1e6)
    const answer = deferred<Found>()
    const filled = cache.fill(() => answer.promise)
    cache.write('a', row('new'))
    answer.resolve([['a', row('old')]])
    await filled
    expect(valueOf(cache, 'a')).toBe('new')
  })

  test('a read that began before a commit ended never replaces what that commit staged', async () => {
    // Nothing fits: whatever may be evicted, is.
    const cache = new WriteBehindCache<string>(() => 1)
    const answer = deferred<Found>()
    const filled = cache.fill(() => answer.promise)
    cache.write('a', row('new'))
    cache.committed(cache.seal())
    answer.resolve([['a', row('old')]])
    await filled
    expect(valueOf(cache, 'a')).toBe('new')
  })

  test('entries that are not durable survive any bound', () => {
    const cache = new WriteBehindCache<string>(() => 1)
    cache.write('open', row('1'))
    const first = cache.seal()
    cache.write('later', row('2'))
    cache.committed(first)
    expect(valueOf(cache, 'later')).toBe('2')
  })

  test('an entry written again in a later unit stays when the earlier one is durable', () => {
    const cache = new WriteBehindCache<string>(() => 1)
    cache.write('a', row('1'))
    const first = cache.seal()
    cache.write('a', row('2'))
    cache.committed(first)
    expect(valueOf(cache, 'a')).toBe('2')
  })

  test('durable entries leave once the bound is passed', () => {
    const cache = new WriteBehindCache<string>(() => 1)
    cache.write('a', row('1'))
    cache.committed(cache.seal())
    expect(cache.has('a')).toBe(false)
  })

  test('what was used lately stays longest', () => {
    const cache = new WriteBehindCache<string>(() => 700)
    cache.write('old', row('1'))
    cache.committed(cache.seal())
    for (const key of ['x', 'y']) {
      cache.write(key, row('1'))
      cache.committed(cache.seal())
    }
    cache.write('z', row('1'))
    cache.committed(cache.seal())
    expect([cache.has('old'), cache.has('z')]).toEqual([false, true])
  })

  test('a read that fails is over: eviction goes on', async () => {
    const cache = new WriteBehindCache<string>(() => 1)
    await cache.fill(() => Promise.reject(new TypeError('no'))).catch(() => undefined)
    cache.write('a', row('1'))
    cache.committed(cache.seal())
    expect(cache.has('a')).toBe(false)
  })
})
