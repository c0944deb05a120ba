import { describe, expect, test } from '@jest/globals'
import { WakeUp } from '../../../src/runtime/wake-up.ts'
import { turns } from '../../support/turns.ts'

const NEVER_MS = 1e8

describe('a wake-up', () => {
  test('ends a sleep', async () => {
    const wakeUp = new WakeUp()
    const sleep = wakeUp.sleep(NEVER_MS)
    wakeUp.call()
    await expect(sleep).resolves.toBeUndefined()
  })

  test('before a sleep is not lost', async () => {
    const wakeUp = new WakeUp()
    wakeUp.call()
    await expect(wakeUp.sleep(NEVER_MS)).resolves.toBeUndefined()
  })

  test('counts once, however often it was called', async () => {
    const wakeUp = new WakeUp()
    wakeUp.call()
    wakeUp.call()
    await wakeUp.sleep(NEVER_MS)
    let isAwake = false
    const second = wakeUp.sleep(NEVER_MS).then(() => (isAwake = true))
    await turns(5)
    expect(isAwake).toBe(false)
    wakeUp.call()
    await second
  })

  test('is not needed when the time is up', async () => {
    await expect(new WakeUp().sleep(1)).resolves.toBeUndefined()
  })

  test('after a sleep that ended by itself is kept for the next', async () => {
    const wakeUp = new WakeUp()
    await wakeUp.sleep(1)
    wakeUp.call()
    await expect(wakeUp.sleep(NEVER_MS)).resolves.toBeUndefined()
  })

  test('from a loop that works and sleeps is never lost', async () => {
    const wakeUp = new WakeUp()
    let done = 0
    let asked = 0
    const loop = (async () => {
      while (done < 200) {
        done = asked
        if (done < 200) await wakeUp.sleep(NEVER_MS)
      }
    })()
    for (let i = 0; i < 200; i++) {
      asked++
      wakeUp.call()
      if (i % 3 === 0) await Promise.resolve()
      if (i % 7 === 0) await turns(1)
    }
    await expect(loop).resolves.toBeUndefined()
  })
})
