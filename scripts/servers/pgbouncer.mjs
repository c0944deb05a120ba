import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from './free-ports.mjs'
import { LocalServer } from './local-server.mjs'
import { postgresOwner } from './postgres-binaries.mjs'
import { createServerFolder, removeServerFolder } from './server-folder.mjs'
import { startServerProcess } from './server-process.mjs'

/** Debian has it where only root looks for programs. */
const programs = ['pgbouncer', '/usr/sbin/pgbouncer']
/** Connections to the server: fewer than two applications open, so that theirs are not the same from one transaction to the next. */
const serverConnections = 4

/**
 * @typedef {object} Pgbouncer
 * @property {string} url Of the same database, through the pooler.
 * @property {() => Promise<void>} stop Idempotent.
 */

/** @returns {string | undefined} What a pooler lacks on this machine. */
export function missingForPgbouncer() {
  if (findProgram() !== undefined) return undefined
  return 'no pgbouncer (on Debian: apt-get install pgbouncer)'
}

/**
 * Starts pgbouncer on loopback, in the mode in which a session has a connection for a transaction only.
 *
 * @param {string} databaseUrl
 * @returns {Promise<Pgbouncer>}
 */
export async function startPgbouncer(databaseUrl) {
  const command = findProgram()
  if (command === undefined) throw new Error(missingForPgbouncer())
  const owner = postgresOwner()
  const folder = createServerFolder('pgbouncer', owner)
  const [port = 0] = await freePorts(1)
  const settings = join(folder, 'pgbouncer.ini')
  writeFileSync(settings, settingsFor(new URL(databaseUrl), port))
  const start = () =>
    startServerProcess({
      ...{ name: 'pgbouncer', command, args: [settings], ...owner },
      logFile: join(folder, 'pgbouncer.log'),
      readyText: 'process up',
      stopSignal: 'SIGINT',
      exitSignal: 'SIGTERM',
    })
  try {
    const local = new LocalServer(await start(), start, folder)
    const url = new URL(databaseUrl)
    url.host = `127.0.0.1:${port}`
    return { url: url.href, stop: () => local.stop() }
  } catch (error) {
    removeServerFolder(folder)
    throw error
  }
}

/**
 * @param {URL} url
 * @param {number} port
 */
function settingsFor({ hostname, port: serverPort, username, password, pathname }, port) {
  const server = {
    ...{ host: hostname, port: serverPort || 5432, dbname: pathname.slice(1), user: username },
    ...(password && { password: decodeURIComponent(password) }),
  }
  const words = Object.entries(server).map(([name, value]) => `${name}=${value}`)
  return `[databases]
${pathname.slice(1)} = ${words.join(' ')}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${serverConnections}
`
}

function findProgram() {
  return programs.find(
    (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0,
  )
}
