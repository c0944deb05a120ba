import { execFile } from 'node:child_process'
import { cpSync, existsSync, writeFileSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from './free-ports.mjs'
import { kafkaJars } from './kafka-jars.mjs'
import { guard } from './leftovers.mjs'
import { createServerFolder, removeServerFolder } from './server-folder.mjs'
import { startServerProcess } from './server-process.mjs'

const run = promisify(execFile)

/**
 * @typedef {Record<string, string | number | boolean>} BrokerProperties
 *
 * @typedef {object} KafkaOptions
 * @property {BrokerProperties} [brokerProperties] Override the defaults.
 * @property {number} [heapMb]
 * @property {boolean} [quickJit] Start faster, run slower: for tests, not for benches. Default true.
 */

/**
 * Starts one Kafka broker (KRaft, both roles) from Maven jars, on loopback.
 *
 * `restart` keeps ports and data, after `kill` too; but after `kill` the broker must wait for its own
 * old registration (`broker.session.timeout.ms`, 9 s) to end. Nothing outlives this process.
 *
 * @param {KafkaOptions} [options]
 */
export async function startKafka({ brokerProperties = {}, heapMb = 512, quickJit = true } = {}) {
  const jars = await kafkaJars('broker')
  const data = await formattedData(jars)
  const folder = createServerFolder('kafka')
  cpSync(data, join(folder, 'data'), { recursive: true })

  const properties = join(folder, 'server.properties')
  const jvm = [`-Xms${Math.min(128, heapMb)}m`, `-Xmx${heapMb}m`]
  if (quickJit) jvm.push('-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1')
  const start = () =>
    startServerProcess({
      name: 'Kafka',
      command: 'java',
      args: [...jvm, ...logging, '-cp', `${jars}/*`, 'kafka.Kafka', properties],
      logFile: join(folder, 'broker.log'),
      readyText: 'Kafka Server started',
      stopSignal: 'SIGTERM',
      exitSignal: 'SIGKILL',
    })

  let port = 0
  const startOnFreePorts = async (attempts = 3) => {
    const ports = await freePorts(2)
    const text = brokerPropertiesText(ports, join(folder, 'data'), brokerProperties)
    writeFileSync(properties, text)
    port = ports[0] ?? 0
    try {
      return await start()
    } catch (error) {
      if (attempts > 1 && String(error).includes('Address already in use')) {
        return startOnFreePorts(attempts - 1)
      }
      throw error
    }
  }

  let server
  try {
    server = await startOnFreePorts()
  } catch (error) {
    removeServerFolder(folder)
    throw error
  }
  return new KafkaServer({ server, start, folder, brokers: [`127.0.0.1:${port}`] })
}
