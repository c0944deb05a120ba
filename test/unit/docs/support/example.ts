import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** An example of a docstring. */
export interface Example {
  /** Where it stands: `KStream.filter`. */
  readonly name: string
  readonly code: string
  /** What its comment lines say, in their order. */
  readonly said: readonly Said[]
  /** The type of the first parameter of what it is an example of. */
  readonly other: string
}

/** A comment line of an example: records of an input or an output, or text. */
export interface Said {
  readonly name: string
  readonly text: string
}

/** Something that a user calls, with or without examples. */
export interface Documented {
  readonly name: string
  /** The docstring, but for its tags. */
  readonly prose: string
  readonly examples: readonly Example[]
}

const BLOCK = /```ts\n([\s\S]*?)```/g
const SAID = /^\/\/ ([\w-]+) *: (.*)$/

/** Everything in a file that has a docstring and can be called, and its exported classes and constants. */
export function readDocumented(file: URL): readonly Documented[] {
  return readDocstrings(file, isCalled)
}

/** The examples of all docstrings of a file. */
export function readExamples(file: URL): readonly Example[] {
  return readDocstrings(file).flatMap(({ examples }) => examples)
}

/** All docstrings of a file, those of what cannot be called too. */
export function readDocstrings(
  file: URL,
  isMeant: (node: ts.Node) => boolean = () => true,
): readonly Documented[] {
  const source = ts.createSourceFile(
    file.pathname,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  )
  const found: Documented[] = []
  const visit = (node: ts.Node, owner: string): void => {
    const name = nameOf(node)
    const path = [owner, name].filter((part) => part !== '').join('.')
    const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)
    if (name && docs.length > 0 && isMeant(node))
      found.push({
        name: path,
        prose: docs.map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '').join('\n'),
        examples: docs.flatMap((doc) => examplesOf(doc, path, node)),
      })
    ts.forEachChild(node, (child) => visit(child, name ? path : owner))
  }
  visit(source, '')
  return found
}

function nameOf(node: ts.Node): string {
  const isNamed =
    ts.isInterfaceDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isMethodSignature(node) ||
    ts.isPropertySignature(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isPropertyAssignment(node)
  if (isNamed) return node.name?.getText() ?? ''
  if (!ts.isVariableStatement(node)) return ''
  return node.declarationList.declarations[0]?.name.getText() ?? ''
}

/** Whether a user calls it, or what it makes. */
function isCalled(node: ts.Node): boolean {
  if (ts.isMethodDeclaration(node)) return !node.name.getText().startsWith('#')
  if (ts.isMethodSignature(node) || ts.isPropertyAssignment(node)) return true
  const isDeclared =
    ts.isClassDeclaration(node) || ts.isFunctionDeclaration(node) || ts.isVariableStatement(node)
  if (!isDeclared) return false
  return (node.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
}

function examplesOf(doc: ts.JSDoc, name: string, node: ts.Node): readonly Example[] {
  const isMethod = ts.isMethodSignature(node) || ts.isMethodDeclaration(node)
  const other = isMethod ? (node.parameters[0]?.type?.getText() ?? '') : ''
  return [...doc.getText().matchAll(BLOCK)].map(([, block = '']) => {
    const lines = block.split('\n').map((line) => line.replace(/^ *\* ?/, ''))
    const code = lines.filter((line) => !line.startsWith('//')).join('\n')
    return { name, code, other, said: saidIn(lines.filter((line) => line.startsWith('//'))) }
  })
}

/** A line without a name goes on with the one before. */
function saidIn(lines: readonly string[]): readonly Said[] {
  return lines.reduce<Said[]>((said, line) => {
    const [, name, text] = SAID.exec(line) ?? []
    const before = said.at(-1)
    if (name !== undefined && text !== undefined) return [...said, { name, text }]
    return before
      ? [...said.slice(0, -1), { ...before, text: `${before.text} ${line.slice(2).trim()}` }]
      : said
  }, [])
}
