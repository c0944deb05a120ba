import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { StreamsError } from '../../../src/errors/streams-error.ts'
import { EVERY_ERROR } from './every-error.ts'

const ROOM = new URL('../../../src/errors/', import.meta.url)
const PAGE = new URL('../../../docs/errors.md', import.meta.url)

async function exportedClasses(): Promise<string[]> {
  const files = readdirSync(ROOM).filter((name) => name.endsWith('.ts'))
  const modules = await Promise.all(files.map((name) => import(new URL(name, ROOM).href)))
  return modules
    .flatMap((module: object) => Object.entries(module))
    .filter(([, value]) => (value as { prototype?: unknown }).prototype instanceof StreamsError)
    .map(([name]) => name)
}

/** The headings of the page, and the text under each. */
function documented(): Map<string, string> {
  const sections = readFileSync(PAGE, 'utf8').split(/^## /m).slice(1)
  return new Map(
    sections.map((section) => {
      const [heading = '', ...lines] = section.split('\n')
      return [heading.replaceAll('`', '').trim(), lines.join('\n')]
    }),
  )
}

describe('the errors', () => {
  test('that these tests walk are all that there are', async () => {
    const walked = EVERY_ERROR.map(({ constructor }) => constructor.name)
    expect(walked.toSorted()).toEqual((await exportedClasses()).toSorted())
  })

  test('have a code each, in upper case, no two the same', () => {
    const codes = EVERY_ERROR.map(({ code }) => code)
    for (const code of codes) expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
    expect(new Set(codes).size).toBe(codes.length)
  })

  test('are all documented, and nothing else is', () => {
    const codes = EVERY_ERROR.map(({ code }) => code)
    expect([...documented().keys()].toSorted()).toEqual(codes.toSorted())
  })
})

describe.each(EVERY_ERROR.map((error) => ({ code: error.code, error })))('$code', ({ error }) => {
  test('says what the runtime does about it', () => {
    expect(['retry', 'wait', 'skip', 'rejoin', 'restore', 'stop']).toContain(error.reaction)
  })

  test('is a StreamsError by class and by brand, and has the name of its class', () => {
    expect(error).toBeInstanceOf(StreamsError)
    expect(StreamsError.is(error)).toBe(true)
    expect(error.name).toBe(error.constructor.name)
  })

  test('is documented with its reaction', () => {
    expect(documented().get(error.code)).toContain(`Reaction: ${error.reaction}.`)
  })

  test('has a message of one line that names what it is about', () => {
    expect(error.message).not.toMatch(/\n|undefined|\[object/)
  })
})
