import { afterEach, describe, expect, test } from '@jest/globals'
import { leaveClean } from './support/leave-clean.ts'
import { Program } from './support/program.ts'

const names: string[] = []
afterEach(async () => {
  for (const name of names.splice(0)) await leaveClean(name)
})

/** Runs the demo to its end, and answers what it printed with the name that it counted under. */
async function runDemo(): Promise<{ readonly output: string; readonly name: string }> {
  const demo = new Program('scripts/demo.mjs', ['--cluster'])
  const ending = await demo.ended
  const name = nameIn(demo)
  expect({ ending, stderr: demo.stderr }).toEqual({ ending: 0, stderr: '' })
  return { output: demo.stdout, name }
}

/** Noted for the time after the test. */
function nameIn({ stdout }: Program): string {
  const name = /schema (wordcount_demo_\w+)/.exec(stdout)?.[1] ?? ''
  if (name) names.push(name)
  return name
}

describe('the demo on servers that the environment names', () => {
  test('counts right each time, under a name of its own, and tells how to look and to clean up', async () => {
    const [first, second] = [await runDemo(), await runDemo()]
    expect(second.name).not.toBe(first.name)
    for (const { output, name } of [first, second]) {
      expect(name).toMatch(/^wordcount_demo_\w+$/)
      expect(output).toContain('The table equals an independent count of the same text.')
      expect(output).toContain(`-c "select key, value from ${name}.counts`)
      expect(output).toContain(`drop schema ${name} cascade`)
    }
  }, 120_000)

  test('ends with one line and the code of the signal when it is interrupted', async () => {
    const demo = new Program('scripts/demo.mjs', ['--cluster'])
    await demo.printed(/records\/s/)
    demo.signal('SIGINT')
    nameIn(demo)
    expect(await demo.ended).toBe(130)
    expect(demo.stderr).toBe('')
    expect(demo.stdout.trim().split('\n').at(-1)).toMatch(/^interrupted by SIGINT/)
  })
})
