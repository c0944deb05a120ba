import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import type { Example } from './example.ts'
import { givenOf, type Given } from './given.ts'
import { typeOf } from './literal-types.ts'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const FILE = `${ROOT}test/unit/docs/examples.generated.ts`

/** What the compiler says against the examples, each in a function of what it takes as given. */
export function typeErrors(examples: readonly Example[]): readonly string[] {
  const functions = examples.map((example, index) => {
    const given = givenOf(example).map(parameterOf)
    const parameters = ['builder: StreamsBuilder', ...given].join(', ')
    const own = /const builder\b/.test(example.code) ? given.join(', ') : parameters
    return `/* ${example.name} */ export async function example${index}(${own}) {\n${example.code}\n}`
  })
  const text = `import { ${exportedNames().join(', ')} } from '../../../src/index.ts'\n${functions.join('\n')}`
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

/** Of the package. */
function exportedNames(): readonly string[] {
  const index = readFileSync(`${ROOT}src/index.ts`, 'utf8')
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
