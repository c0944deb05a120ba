/** `npm run --silent conformance -- FILE [options]`: see test/conformance/kafka-streams/main.ts. Builds what it needs first. */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isOutOfDate, isInstalled, run } from './ready.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const sources = ['src', join('test', 'conformance', 'kafka-streams'), join('test', 'support')]

if (!isInstalled()) run('npm', ['ci', '--no-audit', '--no-fund'])
if (isOutOfDate([join('build', 'conformance')], sources)) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  run(process.execPath, [tsc, '-p', join(root, 'tsconfig.conformance.json')])
}
const main = join(root, 'build', 'conformance', 'test', 'conformance', 'kafka-streams', 'main.js')
const { status } = spawnSync(
  process.execPath,
  ['--enable-source-maps', main, ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
)
process.exitCode = status ?? 1
