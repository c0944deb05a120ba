/**
 * `node scripts/newer-node.mjs`: the contract of the Kafka port and whatever runs by a Kafka client once more on Node.js 24, with
 * the newest `@platformatic/kafka` that runs there, in a copy of this folder. Ends with the closing line of `npm test`.
 */
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeBinary } from './node-binary.mjs'

/** The devDependency is the newest that runs on Node.js 20. */
const CLIENT = '@platformatic/kafka@^2.12'
const LEFT_OUT = new Set(['.git', '.cache', 'build', 'dist'])
const suites = [
  ...['conformance', 'integration', 'integrity', '--'],
  ...['--testPathPatterns', '/conformance/kafka/|/integration/|/integrity/'],
]

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const copy = mkdtempSync(join(tmpdir(), 'rowstream-newer-'))
process.on('exit', () => rmSync(copy, { recursive: true, force: true }))

const node = await nodeBinary('24')
cpSync(root, copy, {
  recursive: true,
  verbatimSymlinks: true,
  filter: (path) => !LEFT_OUT.has(basename(path)) || path.includes('node_modules'),
})
const install = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', CLIENT]
execFileSync('npm', install, { cwd: copy, stdio: ['ignore', 'ignore', 'inherit'] })
execFileSync(node, ['scripts/build.mjs'], { cwd: copy, stdio: 'inherit' })

const test = spawn(node, ['scripts/test.mjs', '--no-build', ...suites], {
  cwd: copy,
  stdio: 'inherit',
  env: {
    ...process.env,
    KAFKA_CLIENT: 'platformatic',
    PATH: `${dirname(node)}${delimiter}${process.env['PATH']}`,
  },
})
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.on(signal, () => test.kill(signal))
process.exitCode = await new Promise((resolve) => test.once('exit', (code) => resolve(code ?? 1)))
