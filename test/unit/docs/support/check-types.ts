import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import type { Example } from './example.ts'
import { givenOf, type Given } from './given.ts'
import { typeOf } from './literal-types.ts'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const FILE = `${ROOT}test/unit/docs/examples.generated.ts`

/** What tests take as given: the types of it by its names. */
const GIVEN_IN_TESTS: Readonly<Record<string, string>> = {
  topology: 'Topology',
  driver: 'TopologyTestDriver',
  lines: 'TestInputTopic<string, string>',
  counts: 'TestOutputTopic<string, bigint>',
}

/** As {@link typeErrors}, against examples of tests. */
export function typeErrorsOfTests(examples: readonly Example[]): readonly string[] {
  const functions = examples.map(({ name, code }, index) => {
    const given = Object.entries(GIVEN_IN_TESTS).filter(([one]) => !code.includes(`const ${one} =`))
    const parameters = given.map(([one, type]) => `${one}: ${type}`).join(', ')
    return `/* ${name} */ export async function example${index}(${parameters}) {\n${code}\n}`
  })
  const imports = [
    `import { ${namesOf('src/index.ts').join(', ')} } from '../../../src/index.ts'`,
    `import { ${namesOf('src/testing/index.ts').join(', ')} } from '../../../src/testing/index.ts'`,
    "import { expect } from '@jest/globals'",
  ]
  return diagnose([...imports, ...functions].join('\n'))
}

/** What the compiler says against the examples, each in a function of what it takes as given. */
export function typeErrors(examples: readonly Example[]): readonly string[] {
  const functions = examples.map((example, index) => {
    const given = givenOf(example).map(parameterOf)
    const parameters = ['builder: StreamsBuilder', ...given].join(', ')
    const own = /const builder\b/.test(example.code) ? given.join(', ') : parameters
    return `/* ${example.name} */ export async function example${index}(${own}) {\n${example.code}\n}`
  })
  const text = `import { ${namesOf('src/index.ts').join(', ')} } from '../../../src/index.ts'\n${functions.join('\n')}`
  return diagnose(text)
}

function parameterOf({ name, kind, records }: Given): string {
  const key = typeOf(records.map((one) => one.key).filter((one) => one !== null))
  const value = typeOf(records.map((one) => one.value).filter((one) => one !== null))
  const hasNulls = records.some((one) => one.value === null)
  if (kind === 'global') return `${name}: GlobalKTable<${key}, ${value}>`
  if (kind === 'stream') {
    const seen = hasNulls ? `${value} | null` : value
    return `${name}: KStream<${key}, ${seen}, ${key}, ${value}>`
  }
  return `${name}: KTable<${key}, ${value} | null, ${key}, ${value}>`
}

/** Of what an entry of the package exports. */
function namesOf(entry: string): readonly string[] {
  const index = readFileSync(`${ROOT}${entry}`, 'utf8')
  const lists = [...index.matchAll(/export (?:type )?\{([^}]*)\}/g)].map(([, list = '']) => list)
  return lists.flatMap((list) =>
    list
      .split(',')
      .map((name) => name.replace(/\btype\b/, '').trim())
      .filter((name) => name !== ''),
  )
}

function diagnose(text: string): readonly string[] {
  const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, (path) => readFileSync(path, 'utf8'))
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT)
  const host = ts.createCompilerHost(options)
  const readFile = host.readFile.bind(host)
  const fileExists = host.fileExists.bind(host)
  host.readFile = (path) => (path === FILE ? text : readFile(path))
  host.fileExists = (path) => path === FILE || fileExists(path)
  const relaxed = { ...options, noEmit: true, noUnusedLocals: false, noUnusedParameters: false }
  const program = ts.createProgram(
    [FILE],
    { ...relaxed, verbatimModuleSyntax: false, composite: false, incremental: false },
    host,
  )
  const source = program.getSourceFile(FILE)!
  return [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ].map(({ messageText, start = 0 }) => {
    const [example] = text.slice(0, start).match(/\/\* [^*]+ \*\/(?![^]*\/\* )/) ?? ['']
    return `${example} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
}
