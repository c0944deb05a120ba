/**
 * Proves the README's first example from a user's place: the packed package installed in an empty folder, the example compiled
 * and started there, fed with lines until its table has counted them, then asked to stop.
 *
 * Its application and its topics get names of this run, on servers that may be somebody's; nothing else is changed.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Kafka, logLevel } from 'kafkajs'
import pg from 'pg'
import { requireServers } from './servers/servers.mjs'

/** A guess: it starts within 2 s. */
const countTimeoutMs = 30_000
/** What the service promises is 10 s. */
const stopTimeoutMs = 20_000
const lines = ['To be, or not to be', 'that is the question', 'to sleep']
const expected = 'be:2 is:1 not:1 or:1 question:1 sleep:1 that:1 the:1 to:3'

/** @typedef {{ text: string, applicationId: string, input: string, topics: readonly string[] }} Example */

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const folder = mkdtempSync(join(tmpdir(), 'rowstream-readme-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const example = renamed(firstExample())
install()
compile(example.text)
const servers = await requireServers()
if ('reason' in servers) {
  console.error(servers.reason)
  process.exit(1)
}
const kafka = new Kafka({ brokers: [...servers.brokers], logLevel: logLevel.NOTHING })
const admin = kafka.admin()
const database = new pg.Client(servers.databaseUrl)
try {
  await Promise.all([admin.connect(), database.connect()])
  const topics = example.topics.map((topic) => ({ topic, numPartitions: 2 }))
  await admin.createTopics({ topics })
  await run(example, servers.env)
  await removeTraces(example)
  console.log('the README example installs, compiles, counts right and stops with exit code 0')
} finally {
  await Promise.all([admin.disconnect(), database.end()])
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
 * @param {string} text
 * @returns {Example}
 */
function renamed(text) {
  const run = Date.now().toString(36)
  const applicationId = /applicationId: '([\w.-]+)'/.exec(text)?.[1]
  const input = /\.stream\('([\w.-]+)'/.exec(text)?.[1]
  const output = /\.to\('([\w.-]+)'/.exec(text)?.[1]
  if (!applicationId || !input || !output)
    throw new Error('the example has no application id, input or output')
  const ours = [applicationId, input, output].map((name) => `${name}_readme_${run}`)
  const changed = [applicationId, input, output].reduce(
    (all, name, index) => all.replaceAll(`'${name}'`, `'${ours[index]}'`),
    text,
  )
  const [id = '', from = '', to = ''] = ours
  return { text: changed, applicationId: id, input: from, topics: [from, to] }
}

/**
 * @param {Example} example
 * @param {NodeJS.ProcessEnv} env
 */
async function run({ applicationId, input }, env) {
  const child = spawn(process.execPath, ['example.js'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const early = ended.then(() => {
    throw new Error(`the example ended by itself with ${child.exitCode ?? child.signalCode}`)
  })
  await produce(input)
  await Promise.race([untilCounted(applicationId), early])
  child.kill('SIGTERM')
  early.catch(() => undefined)
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
  await ended
  clearTimeout(timer)
  if (child.exitCode !== 0)
    throw new Error(`after SIGTERM the example ended with ${child.exitCode ?? child.signalCode}`)
}

/** @param {string} topic */
async function produce(topic) {
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic, messages: lines.map((value) => ({ value })) })
  await producer.disconnect()
}

/** @param {string} schema */
async function untilCounted(schema) {
  const deadline = Date.now() + countTimeoutMs
  let found = ''
  while (found !== expected) {
    if (Date.now() > deadline) throw new Error(`the table holds '${found}', not '${expected}'`)
    await delay(100)
    found = await readCounts(schema)
  }
}

/** @param {string} schema @returns {Promise<string>} Empty while there is no table. */
async function readCounts(schema) {
  /** @type {pg.QueryResult<{ name: string | null }>} */
  const table = await database.query('select to_regclass($1) as name', [`${schema}.counts`])
  if (table.rows[0]?.name === null) return ''
  /** @type {pg.QueryResult<{ key: string, value: string }>} */
  const { rows } = await database.query(`select key, value from ${schema}.counts order by key`)
  return rows.map(({ key, value }) => `${key}:${value}`).join(' ')
}

/** @param {Example} example */
async function removeTraces({ applicationId, topics }) {
  await database.query(`drop schema ${applicationId} cascade`)
  const all = await admin.listTopics()
  const ours = all.filter((topic) => topic.startsWith(applicationId) || topics.includes(topic))
  await admin.deleteTopics({ topics: ours })
  await admin.deleteGroups([applicationId])
}
