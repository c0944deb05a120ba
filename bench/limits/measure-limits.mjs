import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Child } from '../lab/child.mjs'
import { createTopic, freshName } from '../lab/topics.mjs'

/** @typedef {import('./limit-app.mjs').Bare} Bare */

const app = join(dirname(fileURLToPath(import.meta.url)), 'limit-app.mjs')
const TIMEOUT_MS = 120_000

/**
 * A piece of work that rowstream cannot do without, alone.
 *
 * @typedef {object} Limit
 * @property {string} name
 * @property {() => Promise<Record<string, number>>} measure A second, by what it was.
 */

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {object} how
 * @param {readonly import('../arguments.mjs').KafkaClient[]} how.clients
 * @param {import('../measure/work.mjs').Work} how.work What is consumed.
 * @param {number} how.seconds Each.
 * @param {readonly number[]} how.rows Of transactions, a limit each.
 * @param {number} [how.valueBytes] Of what is produced.
 * @returns {Limit[]}
 */
export function createLimits(lab, { clients, work, seconds, rows, valueBytes }) {
  const { partitions } = work
  const shared = { partitions, seconds }
  const ofClients = clients.flatMap((client) => [
    limit(lab, `consume, ${client}`, { ...shared, kind: 'consume', client, topic: work.input }),
    limit(lab, `produce, ${client}`, {
      ...shared,
      kind: 'produce',
      client,
      ...(valueBytes && { valueBytes }),
    }),
  ])
  const ofDatabase = rows.map((some) =>
    limit(lab, `upsert, ${some} a transaction`, { ...shared, kind: 'upsert', rows: some }),
  )
  return [...ofClients, ...ofDatabase]
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {string} name
 * @param {Partial<import('./limit-app.mjs').Job>} what
 * @returns {Limit}
 */
function limit(lab, name, what) {
  return { name, measure: () => measure(lab, what) }
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {Partial<import('./limit-app.mjs').Job>} what
 */
async function measure({ kafka, brokers, databaseUrl, node, client, settle }, what) {
  const name = freshName('limit')
  const topic = what.topic ?? (await createTopic(kafka, 'produced', what.partitions))
  await settle()
  const job = JSON.stringify({ ...{ brokers, databaseUrl, name }, ...what, topic })
  const child = new Child('limit', node, [app, job])
  try {
    const { results } = await child.waitFor('done', TIMEOUT_MS)
    return Object.fromEntries(
      Object.entries(/** @type {Record<string, Bare>} */ (results)).map(
        ([what, { count, seconds }]) => [what, Math.round(count / seconds)],
      ),
    )
  } finally {
    await child.stop()
    await client.query(`drop schema if exists ${name} cascade`)
  }
}
