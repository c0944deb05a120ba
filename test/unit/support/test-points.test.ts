import { describe, expect, jest, test } from '@jest/globals'
import { TestPoints } from '../../integrity/worker/test-points.mjs'

function createPoints({ withOutbox = true } = {}) {
  const tellCommit = jest.fn<(at: number) => void>()
  const tellReached = jest.fn<(point: string) => void>()
  return {
    points: new TestPoints({ tellCommit, tellReached, withOutbox }),
    tellCommit,
    tellReached,
  }
}

describe('TestPoints', () => {
  test('passes points that are not armed', async () => {
    const { points, tellReached } = createPoints()
    points.arm('end-txn')
    await points.reached('fenced')
    expect(tellReached).not.toHaveBeenCalled()
  })

  test('holds at an armed point, once, until it is told to go on', async () => {
    const { points, tellReached } = createPoints()
    points.arm('fenced')
    const held = points.reached('fenced')
    expect(tellReached).toHaveBeenCalledWith('fenced')
    await points.reached('fenced')
    points.goOn()
    await held
  })

  test('going on disarms a point that was not reached', async () => {
    const { points, tellReached } = createPoints()
    points.arm('fenced')
    points.goOn()
    await points.reached('fenced')
    expect(tellReached).not.toHaveBeenCalled()
  })

  test('tells of commits, but not of each', async () => {
    const { points, tellCommit } = createPoints()
    await points.reached('committed')
    await points.reached('committed')
    expect(tellCommit).toHaveBeenCalledTimes(1)
  })

  test('without an outbox the second fence tells that the first commit is over', async () => {
    const { points, tellCommit } = createPoints({ withOutbox: false })
    await points.reached('fenced')
    expect(tellCommit).not.toHaveBeenCalled()
    await points.reached('fenced')
    expect(tellCommit).toHaveBeenCalledTimes(1)
  })
})
