import { execFile } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { singleBrokerProperties } from './broker-properties.mjs'
import { freePorts } from './free-ports.mjs'
import { kafkaJars } from './kafka-jars.mjs'
import { LocalServer } from './local-server.mjs'
import { createServerFolder, removeServerFolder } from './server-folder.mjs'
import { startServerProcess } from './server-process.mjs'

const run = promisify(execFile)

/** @typedef {import('./server-process.mjs').ServerProcess} ServerProcess */

const SKIPPED_MARKERS = 'these partitions are likely deleted already and hence can be skipped'

/**
 * @typedef {object} KafkaOptions
 * @property {Record<string, string | number | boolean>} [brokerProperties] Override the defaults.
 * @property {number} [heapMb] Default 512.
 * @property {boolean} [quickJit] Start faster, run slower: for tests, not for benches. Default true.
 */

/**
 * @typedef {object} Kafka
 * @property {readonly string[]} brokers
 * @property {number} pid Of the present process; another one after `restart`.
 * @property {() => Promise<void>} stop Clean stop; removes the data. Idempotent.
 * @property {() => Promise<void>} kill SIGKILL; keeps the data.
 * @property {() => Promise<void>} restart Same ports and data. After `kill` it takes 10 s more: the
 *   broker waits for its own old registration to end (`broker.session.timeout.ms`).
 * @property {(partition: string) => Promise<void>} loseLog As `restart`; meanwhile the disk loses the log of a partition (`topic-0`).
 * @property {() => boolean} hasSkippedMarkers Whether it has left a transaction undecided for good since it was started: while its
 *   old registration ends, partitions have no leader, and the coordinator takes them for deleted
 *   (`TransactionMarkerChannelManager.addTxnMarkersToBrokerQueue`, Kafka 4.3.1).
 */

/**
 * Starts one Kafka broker (KRaft, both roles) from Maven jars, on loopback.
 *
 * @param {KafkaOptions} [options]
 * @returns {Promise<Kafka>}
 */
export async function startKafka({ brokerProperties = {}, heapMb = 512, quickJit = true } = {}) {
  const jars = await kafkaJars('broker')
  const formatted = await formattedData(jars)
  const folder = createServerFolder('kafka')
  const propertiesFile = join(folder, 'server.properties')
  const logFile = join(folder, 'broker.log')
  const start = () =>
    startServerProcess({
      name: 'Kafka',
      command: 'java',
      args: [
        ...jvmOptions(heapMb, quickJit),
        ...['-cp', `${jars}/*`, 'kafka.Kafka', propertiesFile],
      ],
      logFile,
      readyText: 'Kafka Server started',
      stopSignal: 'SIGTERM',
      exitSignal: 'SIGKILL',
    })

  /** @type {(attempts: number) => Promise<{ server: ServerProcess, port: number }>} */
  const startOnFreePorts = async (attempts) => {
    const [port = 0, controllerPort = 0] = await freePorts(2)
    const properties = {
      ...defaultProperties(port, controllerPort),
      'log.dirs': join(folder, 'data'),
    }
    writeFileSync(propertiesFile, propertiesText({ ...properties, ...brokerProperties }))
    try {
      return { server: await start(), port }
    } catch (error) {
      // Another program took the port meanwhile.
      if (attempts > 1 && String(error).includes('already in use')) {
        return startOnFreePorts(attempts - 1)
      }
      throw error
    }
  }

  try {
    cpSync(formatted, join(folder, 'data'), { recursive: true })
    const { server, port } = await startOnFreePorts(3)
    const local = new LocalServer(server, start, folder)
    return {
      brokers: [`127.0.0.1:${port}`],
      get pid() {
        return local.pid
      },
      stop: () => local.stop(),
      kill: () => local.kill(),
      restart: () => local.restart(),
      loseLog: (partition) =>
        local.restart(() => rmSync(join(folder, 'data', partition), { recursive: true })),
      hasSkippedMarkers: () => readFileSync(logFile, 'utf8').includes(SKIPPED_MARKERS),
    }
  } catch (error) {
    removeServerFolder(folder)
    throw error
  }
}

/** @param {number} port @param {number} controllerPort */
function defaultProperties(port, controllerPort) {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    ...singleBrokerProperties,
    // Kafka's own 128 MB do not fit into a small heap.
    'log.cleaner.dedupe.buffer.size': 33_554_432,
  }
}

/** @param {Record<string, string | number | boolean>} properties */
function propertiesText(properties) {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${String(value)}\n`)
    .join('')
}

/** @param {number} heapMb @param {boolean} quickJit */
function jvmOptions(heapMb, quickJit) {
  return [
    `-Xms${Math.min(128, heapMb)}m`,
    `-Xmx${heapMb}m`,
    ...(quickJit ? ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'] : []),
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
    '-Dorg.slf4j.simpleLogger.log.kafka.coordinator.transaction.TransactionMarkerChannelManager=info',
  ]
}

/**
 * A data folder as `StorageTool format` leaves it, made once beside the jars: formatting takes as
 * long as starting, and its result names no port.
 *
 * @param {string} jars
 */
async function formattedData(jars) {
  const folder = join(dirname(jars), 'formatted')
  if (existsSync(folder)) return folder
  const part = await mkdtemp(`${folder}.part-`)
  const propertiesFile = `${part}.properties`
  try {
    writeFileSync(propertiesFile, propertiesText({ ...defaultProperties(1, 2), 'log.dirs': part }))
    await run('java', [
      ...[...jvmOptions(128, true), '-cp', `${jars}/*`, 'kafka.tools.StorageTool', 'format'],
      ...['-t', '4L6g3nShT-eMCtK--X86sw', '-c', propertiesFile],
    ])
    await rename(part, folder)
  } catch (error) {
    // Another caller may have been faster; then its folder is as good.
    if (!existsSync(folder)) throw error
  } finally {
    await rm(part, { recursive: true, force: true })
    await rm(propertiesFile, { force: true })
  }
  return folder
}
