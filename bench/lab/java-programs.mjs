import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { kafkaJars } from '../../scripts/servers/kafka-jars.mjs'
import { Child } from './child.mjs'

const run = promisify(execFile)
const sources = join(dirname(fileURLToPath(import.meta.url)), '..', 'java')

/**
 * @callback StartJava
 * @param {string} className
 * @param {Record<string, string | number | boolean>} properties Its system properties.
 * @returns {Child}
 */

/**
 * Compiles the programs of `bench/java`.
 *
 * @param {string} folder Where the classes go.
 * @returns {Promise<StartJava>} Starts one of them, with the JVM's defaults.
 */
export async function compileJava(folder) {
  const jars = await kafkaJars('streams')
  const files = (await readdir(sources)).filter((file) => file.endsWith('.java'))
  const paths = files.map((file) => join(sources, file))
  try {
    await run('javac', ['-nowarn', '-cp', `${jars}/*`, '-d', folder, ...paths])
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    throw new Error('no javac; on Debian: apt-get install default-jdk-headless', { cause: error })
  }
  return (className, properties) => {
    const flags = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`)
    const logging = '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'
    return new Child(className, 'java', [
      logging,
      ...flags,
      '-cp',
      `${folder}:${jars}/*`,
      className,
    ])
  }
}
