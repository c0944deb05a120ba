import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const here = dirname(fileURLToPath(import.meta.url))
const pom = join(here, 'kafka', 'pom.xml')
const cache = join(here, '..', '..', '.cache', 'kafka')

/** The version of Kafka that the tests and benches run against; the pom says it. */
export const kafkaVersion =
  /<kafka\.version>(.+)<\/kafka\.version>/.exec(readFileSync(pom, 'utf8'))?.[1] ?? 'unknown'

/**
 * Where the jars of a profile are, or will be.
 *
 * @param {'broker' | 'streams'} profile
 */
export function kafkaJarsFolder(profile) {
  return join(cache, kafkaVersion, profile)
}

/**
 * Fetches the jars of the broker, or of Kafka Streams and its clients, unless they are cached.
 *
 * The folder appears at once and complete, so that concurrent callers never see half of it.
 *
 * @param {'broker' | 'streams'} [profile]
 * @returns {Promise<string>} The folder; as a class path it is `<folder>/*`.
 */
export async function kafkaJars(profile = 'broker') {
  const folder = kafkaJarsFolder(profile)
  if (existsSync(folder)) return folder
  await mkdir(dirname(folder), { recursive: true })
  const part = await mkdtemp(`${folder}.part-`)
  try {
    await run('mvn', [
      ...['-q', '-B', '-ntp', '-f', pom, `-P${profile}`, 'dependency:copy-dependencies'],
      ...['-DincludeScope=runtime', `-DoutputDirectory=${part}`],
    ])
    await rename(part, folder)
  } catch (error) {
    // Another caller may have been faster; then its folder is as good.
    if (!existsSync(folder)) throw error
  } finally {
    await rm(part, { recursive: true, force: true })
  }
  return folder
}
