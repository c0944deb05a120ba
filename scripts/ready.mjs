/**
 * Makes a checkout ready to run: installs packages and builds, each only when needed. Only Node's own modules are imported, so
 * that it works before node_modules exists.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Installs and builds what is missing or out of date; ends the process when that fails. */
export function makeReady() {
  if (!isInstalled()) run('npm', ['ci', '--no-audit', '--no-fund'])
  if (isOutOfDate(['dist', join('build', 'services')], ['src', 'services'])) {
    run(process.execPath, [join(root, 'scripts', 'build.mjs')])
  }
}

/** Whether the packages are there, and the lock file has not changed since: npm notes in a file of its own what it installed. */
export function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installed)) return false
  return statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
}

/**
 * Whether a source is newer than what was made of it.
 *
 * @param {string[]} outputs
 * @param {string[]} sources
 */
export function isOutOfDate(outputs, sources) {
  return newest(outputs) <= newest(sources)
}

/** @param {string} command @param {string[]} args */
export function run(command, args) {
  // Standard output belongs to whoever called.
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (status !== 0) process.exit(1)
}

/**
 * When a file in one of the folders was last written; 0 when one of them is missing.
 *
 * @param {string[]} folders
 */
function newest(folders) {
  if (!folders.every((folder) => existsSync(join(root, folder)))) return 0
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true }),
  )
  const times = files
    .filter((file) => file.isFile())
    .map((file) => statSync(join(file.parentPath, file.name)).mtimeMs)
  return Math.max(0, ...times)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) makeReady()
