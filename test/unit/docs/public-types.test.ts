import { beforeAll, describe, expect, test } from '@jest/globals'
import { readSurface, type Surface } from './support/public-surface.ts'

describe('the types of the package', () => {
  let surface: Surface
  beforeAll(() => {
    surface = readSurface()
  }, 180_000)

  test('say any nowhere', () => {
    expect(surface.size).toBeGreaterThan(100)
    expect(surface.anys()).toEqual([])
  })

  test('are all exported that others mention', () => {
    expect(surface.unexported()).toEqual([])
  })
})
