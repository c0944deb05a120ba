import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from './free-ports.mjs'
import { LocalServer } from './local-server.mjs'
import { postgresBinaries, postgresOwner, reachableBinaries } from './postgres-binaries.mjs'
import { createServerFolder, removeServerFolder } from './server-folder.mjs'
import { startServerProcess } from './server-process.mjs'

const run = promisify(execFile)

/** @typedef {import('./server-process.mjs').ServerProcess} ServerProcess */

/**
 * @typedef {object} PostgresOptions
 * @property {boolean} [fsync] Off survives a killed server but not a dead machine: for tests.
 *   Default true. `synchronous_commit` is always on.
 * @property {number} [walSegmentMb] Size of a file of the write-ahead log, a power of two. Default 16.
 * @property {Record<string, string | number | boolean>} [settings] Override the defaults.
 */

/**
 * @typedef {object} Postgres
 * @property {string} url
 * @property {number} pid Of the present postmaster; another one after `restart`.
 * @property {() => Promise<void>} stop Fast stop (open transactions abort); removes the data.
 * @property {() => Promise<void>} kill SIGKILL; keeps the data.
 * @property {() => Promise<void>} restart Same port and data.
 */

/**
 * Starts one PostgreSQL server on loopback, with its own data folder.
 *
 * Its default collation is a linguistic one, as in most databases that people have: only what asks
 * for byte order gets it.
 *
 * @param {PostgresOptions} [options]
 * @returns {Promise<Postgres>}
 */
export async function startPostgres({ fsync = true, walSegmentMb = 16, settings = {} } = {}) {
  const found = postgresBinaries()
  if (found === undefined) throw new Error('no PostgreSQL binaries found')
  const owner = postgresOwner()
  const folder = createServerFolder('postgres', owner)
  const binaries = reachableBinaries(found, owner, folder)
  const data = join(folder, 'data')
  let port = 0
  const start = () =>
    startServerProcess({
      name: 'PostgreSQL',
      command: join(binaries, 'postgres'),
      args: [
        ...['-D', data, '-p', String(port)],
        ...settingFlags({
          listen_addresses: '127.0.0.1',
          unix_socket_directories: folder,
          max_connections: 200,
          synchronous_commit: 'on',
          fsync: fsync ? 'on' : 'off',
          ...settings,
        }),
      ],
      logFile: join(folder, 'server.log'),
      readyText: 'database system is ready to accept connections',
      // Fast shutdown, and immediate shutdown, which still frees the shared memory.
      stopSignal: 'SIGINT',
      exitSignal: 'SIGQUIT',
      ...owner,
    })

  /** @type {(attempts: number) => Promise<ServerProcess>} */
  const startOnFreePort = async (attempts) => {
    port = (await freePorts(1))[0] ?? 0
    try {
      return await start()
    } catch (error) {
      if (attempts > 1 && String(error).includes('already in use'))
        return startOnFreePort(attempts - 1)
      throw error
    }
  }

  try {
    await createCluster(binaries, data, walSegmentMb, owner)
    const local = new LocalServer(await startOnFreePort(3), start, folder)
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      get pid() {
        return local.pid
      },
      stop: () => local.stop(),
      kill: () => local.kill(),
      restart: () => local.restart(),
    }
  } catch (error) {
    removeServerFolder(folder)
    throw error
  }
}

/**
 * @param {string} binaries
 * @param {string} data
 * @param {number} walSegmentMb
 * @param {{ uid: number, gid: number }} [owner]
 */
async function createCluster(binaries, data, walSegmentMb, owner) {
  await run(
    join(binaries, 'initdb'),
    [
      ...['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
      ...['--locale=C', '--locale-provider=icu', '--icu-locale=en'],
      `--wal-segsize=${walSegmentMb}`,
    ],
    { ...owner, cwd: '/' },
  )
}

/** @param {Record<string, string | number | boolean>} settings */
function settingFlags(settings) {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${String(value)}`])
}
