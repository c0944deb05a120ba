import ts from 'typescript'
import type { Example } from './example.ts'
import { saidRecords, type SaidRecord } from './said-records.ts'

/** A stream or a table that an example takes as given; its records are in the topic of its name. */
export interface Given {
  readonly name: string
  readonly kind: 'stream' | 'table' | 'versioned' | 'global'
  readonly records: readonly SaidRecord[]
}

/** Lines that say what comes out, whatever the example is of. */
const OUTPUTS: readonly string[] = ['out', 'rows', 'text']

/** The name that a line means: `in` is what the example begins with. */
export function meant({ code }: Example, name: string): string {
  if (name !== 'in') return name
  const first = startOf(code)
  return first === 'builder' ? 'in' : first
}

/** What an example takes as given: the names of its lines that its code uses, and does not define. */
export function givenOf(example: Example): readonly Given[] {
  const { code, said } = example
  const names = [...new Set(said.map(({ name }) => meant(example, name)))].filter(
    (name) => !OUTPUTS.includes(name) && uses(code, name),
  )
  return names.map((name) => ({
    name,
    kind: kindOf(example, name === startOf(code)),
    records: said
      .filter((line) => meant(example, line.name) === name)
      .flatMap(({ text }) => saidRecords(text)),
  }))
}

/** The leftmost name of the last statement. */
function startOf(code: string): string {
  const statement = ts.createSourceFile('', code, ts.ScriptTarget.Latest, true).statements.at(-1)
  const isDefinition = statement && ts.isVariableStatement(statement)
  let node: ts.Node | undefined = isDefinition
    ? statement.declarationList.declarations[0]?.initializer
    : statement && ts.isExpressionStatement(statement)
      ? statement.expression
      : undefined
  while (node && (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)))
    node = node.expression
  return node?.getText() ?? ''
}

function uses(code: string, name: string): boolean {
  const isUsed = new RegExp(`(?<![\\w'.-])${name}(?=[.,)\\s])`).test(code)
  return isUsed && !new RegExp(`const (\\{[^}]*\\b)?${name}\\b`).test(code)
}

/** What a method is called on is what its interface says; what it takes, what its parameter says. */
function kindOf({ name, other, code }: Example, isFirst: boolean): Given['kind'] {
  const own = /^(KTable|KGroupedTable)\b/.test(name) ? 'table' : 'stream'
  if (isFirst) return own
  if (other.startsWith('GlobalKTable')) return 'global'
  if (!other.startsWith('KTable')) return own
  return own === 'stream' && code.includes('graceMs') ? 'versioned' : 'table'
}
