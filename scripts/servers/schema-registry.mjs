import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePorts } from './free-ports.mjs'
import { LocalServer } from './local-server.mjs'
import { createServerFolder, removeServerFolder } from './server-folder.mjs'
import { startServerProcess } from './server-process.mjs'

const run = promisify(execFile)
const here = dirname(fileURLToPath(import.meta.url))
const version = '2.4.2.Final'
const folder = join(here, '..', '..', '.cache', 'schema-registry', version)
const runner = join(folder, `apicurio-registry-app-${version}-runner.jar`)

/**
 * @typedef {object} SchemaRegistry
 * @property {string} url Of Confluent's API.
 * @property {() => Promise<void>} stop Clean stop. Idempotent.
 * @property {() => Promise<void>} restart On the same port, empty.
 * @property {() => Promise<void>} kill SIGKILL.
 */

/** @returns {string | undefined} What a schema registry lacks on this machine. */
export function missingForSchemaRegistry() {
  if (spawnSync('java', ['-version'], { stdio: 'ignore' }).status !== 0) return 'no java'
  if (existsSync(folder)) return undefined
  const maven = spawnSync('mvn', ['-version'], { stdio: 'ignore' })
  return maven.status === 0 ? undefined : 'no mvn to fetch its jars'
}

/**
 * Starts Apicurio's registry, which speaks Confluent's API, on loopback. It keeps schemas in memory.
 *
 * @returns {Promise<SchemaRegistry>}
 */
export async function startSchemaRegistry() {
  await fetchRunner()
  const serverFolder = createServerFolder('schema-registry')
  const [port = 0] = await freePorts(1)
  const start = () =>
    startServerProcess({
      name: 'the schema registry',
      command: 'java',
      args: [
        ...['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
        ...['-Dquarkus.http.host=127.0.0.1', `-Dquarkus.http.port=${port}`, '-jar', runner],
      ],
      logFile: join(serverFolder, 'registry.log'),
      readyText: 'Listening on',
      stopSignal: 'SIGTERM',
      exitSignal: 'SIGKILL',
    })
  try {
    const local = new LocalServer(await start(), start, serverFolder)
    return {
      url: `http://127.0.0.1:${port}/apis/ccompat/v7`,
      stop: () => local.stop(),
      restart: () => local.restart(),
      kill: () => local.kill(),
    }
  } catch (error) {
    removeServerFolder(serverFolder)
    throw error
  }
}

/** Fetches and unpacks the registry, unless it is cached. The folder appears at once and complete. */
async function fetchRunner() {
  if (existsSync(folder)) return
  await mkdir(dirname(folder), { recursive: true })
  const part = await mkdtemp(`${folder}.part-`)
  const artifact = `io.apicurio:apicurio-registry-app:${version}:tar.gz:all`
  try {
    // Without a POM the plugin notes in the current folder what it has unpacked, and will not do it again.
    await run(
      'mvn',
      [
        ...['-q', '-B', '-ntp', 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack'],
        ...[`-Dartifact=${artifact}`, `-DoutputDirectory=${part}`],
      ],
      { cwd: part },
    )
    await rename(part, folder)
  } catch (error) {
    // Another caller may have been faster; then its folder is as good.
    if (!existsSync(folder)) throw error
  } finally {
    await rm(part, { recursive: true, force: true })
  }
}
