/** Everything that can be said about the code without running it. Stops at the first failure. */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** The build comes early: the example services import the package by its name, so from dist/. */
const steps = {
  'format:check': 'formatting',
  build: 'build of the package and the example services',
  typecheck: 'types',
  lint: 'lint',
  imports: 'import rules of the rooms',
  unused: 'unused files, exports and dependencies',
  'package-check': 'published package',
}

for (const [script, name] of Object.entries(steps)) {
  const startedAt = performance.now()
  const { status } = spawnSync('npm', ['run', '--silent', script], { cwd: root, stdio: 'inherit' })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  if (status !== 0) {
    console.error(`verify: ${name} FAILED after ${seconds} s (npm run ${script})`)
    process.exit(1)
  }
  console.log(`verify: ${name} ok, ${seconds} s`)
}
