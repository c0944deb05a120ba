/**
 * Proves the README's first example from a user's place: the packed package installed in an empty
 * folder, the example compiled and started there, then asked to stop.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Kafka, logLevel } from 'kafkajs'
import { requireServers } from './servers/servers.mjs'

/** A guess: what the example may take to show that it does not run. */
const watchMs = 8_000
/** A guess. */
const stopTimeoutMs = 20_000

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const folder = mkdtempSync(join(tmpdir(), 'rowstream-readme-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const example = firstExample()
install()
compile(example)
const servers = await requireServers()
if ('reason' in servers) {
  console.error(servers.reason)
  process.exit(1)
}
try {
  await createTopics(servers.brokers, example)
  await run(servers.env)
  console.log('the README example installs, compiles, runs and stops')
} finally {
  await servers.stop()
}

function firstExample() {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const text = /^```ts\n(.*?)^```/ms.exec(readme)?.[1]
  if (text === undefined) throw new Error('README.md has no example marked ts')
  return text
}

function install() {
  const pack = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  })
  const [packed] = /** @type {{ filename: string }[]} */ (JSON.parse(pack))
  if (packed === undefined) throw new Error('npm pack wrote no file')
  const manifest = readFileSync(join(root, 'package.json'), 'utf8')
  const { devDependencies, peerDependencies } =
    /** @type {Record<string, Record<string, string>>} */ (JSON.parse(manifest))
  const versionOf = (/** @type {string} */ name) => `${name}@${devDependencies?.[name] ?? 'latest'}`
  const companions = [
    ...Object.keys(peerDependencies ?? {}),
    'typescript',
    '@types/node',
    '@types/pg',
  ]
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  execFileSync(
    'npm',
    ['install', '--no-audit', '--no-fund', `./${packed.filename}`, ...companions.map(versionOf)],
    { cwd: folder, stdio: 'inherit' },
  )
}

/** @param {string} text */
function compile(text) {
  writeFileSync(join(folder, 'example.ts'), text)
  execFileSync(
    process.execPath,
    [
      ...['node_modules/typescript/bin/tsc', '--strict', '--skipLibCheck', '--types', 'node'],
      ...['--module', 'nodenext', '--target', 'es2023', 'example.ts'],
    ],
    { cwd: folder, stdio: 'inherit' },
  )
}

/**
 * Creates the topics that the example names.
 *
 * @param {readonly string[]} brokers
 * @param {string} text
 */
async function createTopics(brokers, text) {
  const names = [...text.matchAll(/\b(?:stream|table|to)\(\s*'([\w.-]+)'/g)].map(([, name]) => name)
  const topics = [...new Set(names)].map((topic) => ({ topic: topic ?? '', numPartitions: 2 }))
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics })
  await admin.disconnect()
}

/** @param {NodeJS.ProcessEnv} env */
async function run(env) {
  const child = spawn(process.execPath, ['example.js'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  await Promise.race([ended, delay(watchMs, undefined, { ref: false })])
  if (child.exitCode !== null && child.exitCode !== 0) {
    throw new Error(`the example ended with ${child.exitCode}`)
  }
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
  await ended
  clearTimeout(timer)
  if (child.signalCode === 'SIGKILL') throw new Error('the example did not stop')
}
