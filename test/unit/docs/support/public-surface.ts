import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const DIST = `${ROOT}dist/`

/** The package as its users' compilers see it: the declarations that a build writes, behind the entries of package.json. */
export function readSurface(): Surface {
  const declarations = emitDeclarations()
  const options: ts.CompilerOptions = { ...compilerOptions(), noEmit: true, skipLibCheck: true }
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists } = {
    readFile: host.readFile.bind(host),
    fileExists: host.fileExists.bind(host),
  }
  host.readFile = (path) => declarations.get(path) ?? readFile(path)
  host.fileExists = (path) => declarations.has(path) || (!path.startsWith(DIST) && fileExists(path))
  host.getSourceFile = (path, language) => {
    const text = host.readFile(path)
    return text === undefined ? undefined : ts.createSourceFile(path, text, language, true)
  }
  const entries = entryFiles()
  return new Surface(ts.createProgram(entries, options, host), entries)
}

/** What can be imported. */
export class Surface {
  readonly #checker: ts.TypeChecker
  readonly #exported: ReadonlySet<ts.Symbol>

  constructor(program: ts.Program, entries: readonly string[]) {
    this.#checker = program.getTypeChecker()
    const modules = entries.map((entry) =>
      this.#checker.getSymbolAtLocation(program.getSourceFile(entry)!)!,
    )
    const exports = modules.flatMap((module) => this.#checker.getExportsOfModule(module))
    this.#exported = new Set(exports.map((symbol) => this.#meant(symbol)))
  }

  get size(): number {
    return this.#exported.size
  }

  /** Where the word `any` stands. */
  anys(): readonly string[] {
    return this.#find((node) => (node.kind === ts.SyntaxKind.AnyKeyword ? 'any' : undefined))
  }

  /** Types of the package's own that are mentioned and cannot be imported. */
  unexported(): readonly string[] {
    return this.#find((node) => {
      const symbol = this.#mentionedIn(node)
      return symbol && isType(symbol) && this.#isHidden(symbol) ? symbol.name : undefined
    })
  }

  #find(problemOf: (node: ts.Node) => string | undefined): readonly string[] {
    const found = new Set<string>()
    const seen = new Set(this.#exported)
    const visit = (node: ts.Node, where: string): void => {
      const problem = problemOf(node)
      if (problem !== undefined) found.add(`${problem} in ${where}`)
      const mentioned = this.#mentionedIn(node)
      // A function that is at hand under another name.
      if (mentioned && !isType(mentioned) && this.#isHidden(mentioned)) seen.add(mentioned)
      ts.forEachChild(node, (child) => visit(child, where))
    }
    // Grows meanwhile.
    for (const symbol of seen)
      for (const declaration of symbol.declarations ?? []) visit(declaration, symbol.name)
    return [...found].toSorted()
  }

  #mentionedIn(node: ts.Node): ts.Symbol | undefined {
    const name = nameIn(node)
    const symbol = name && this.#checker.getSymbolAtLocation(name)
    return symbol && this.#meant(symbol)
  }

  #meant(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol
  }

  #isHidden(symbol: ts.Symbol): boolean {
    if (symbol.flags & ts.SymbolFlags.TypeParameter || this.#exported.has(symbol)) return false
    return symbol.declarations?.[0]?.getSourceFile().fileName.startsWith(DIST) === true
  }
}

function isType(symbol: ts.Symbol): boolean {
  return (symbol.flags & ts.SymbolFlags.Type) !== 0
}

/** The name of the type that a node mentions. */
function nameIn(node: ts.Node): ts.Node | undefined {
  if (ts.isTypeReferenceNode(node)) return node.typeName
  if (ts.isExpressionWithTypeArguments(node)) return node.expression
  if (ts.isTypeQueryNode(node)) return node.exprName
  return ts.isImportTypeNode(node) ? node.qualifier : undefined
}

function entryFiles(): readonly string[] {
  const { exports } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
    readonly exports: Readonly<Record<string, string | { readonly types: string }>>
  }
  return Object.values(exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : [`${ROOT}${entry.types.slice('./'.length)}`],
  )
}

/** By the path that a build would write them to. */
function emitDeclarations(): ReadonlyMap<string, string> {
  const sources = entryFiles().map((path) =>
    path.replace(DIST, `${ROOT}src/`).replace('.d.ts', '.ts'),
  )
  const options = {
    ...compilerOptions(),
    declaration: true,
    emitDeclarationOnly: true,
    noEmit: false,
  }
  const program = ts.createProgram(sources, options)
  const emitted = new Map<string, string>()
  program.emit(undefined, (path, text) => emitted.set(path, text), undefined, true)
  return emitted
}

function compilerOptions(): ts.CompilerOptions {
  const path = `${ROOT}tsconfig.build.json`
  const { config } = ts.readConfigFile(path, (file) => readFileSync(file, 'utf8'))
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT, undefined, path)
  return options
}
