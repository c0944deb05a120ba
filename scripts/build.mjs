/**
 * Builds the package into dist/, then the example services into build/services/.
 *
 * Outputs whose source is gone are removed, the others overwritten in place: processes that run
 * from dist/ meanwhile never find it empty.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** @param {string} output @param {string} source */
function prune(output, source) {
  if (!existsSync(join(root, output))) return
  const entries = readdirSync(join(root, output), { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name)
    const stem = relative(join(root, output), file).replace(/(\.d\.ts|\.js)(\.map)?$/, '')
    const origin = join(root, source, entry.isDirectory() ? stem : `${stem}.ts`)
    if (!existsSync(origin)) rmSync(file, { recursive: true, force: true })
  }
}

/** @param {string} project */
function compile(project) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', project], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(1)
}

prune('dist', 'src')
compile('tsconfig.build.json')
if (existsSync(join(root, 'services'))) {
  prune('build/services', 'services')
  compile('tsconfig.services.json')
}
