import pg from 'pg'

/**
 * @typedef {object} TaskRow
 * @property {string} task
 * @property {number} epoch
 * @property {string | null} transactionalId
 * @property {string | null} instance Who claimed it last, unless it was released.
 * @property {string} progress Changes with each commit.
 *
 * @typedef {object} Columns Those that the statements below ask for, each some of them.
 * @property {string} task
 * @property {number} epoch
 * @property {string | null} transactional_id
 * @property {string | null} instance
 * @property {string} progress
 * @property {number} partition
 * @property {string} next_offset
 * @property {string} key
 * @property {string} value
 * @property {string} sum
 * @property {number} count
 */

/** What the database says about an application, over a connection that is not the application's. */
export class StateTables {
  #client
  #schema
  #applicationName

  /** @param {{ url: string, schema: string, applicationName: string }} options */
  constructor({ url, schema, applicationName }) {
    this.#client = new pg.Client({ connectionString: url, application_name: 'integrity' })
    // A server that goes away shows in the next statement; unheard it would end this process.
    this.#client.on('error', () => undefined)
    this.#schema = pg.escapeIdentifier(schema)
    this.#applicationName = applicationName
  }

  async connect() {
    await this.#client.connect()
  }

  async close() {
    await this.#client.end()
  }

  /** @returns {Promise<import('../checks/compare-counts.mjs').CountRow[]>} */
  async counts() {
    const { rows } = await this.#query('select key, partition, value::text from %.counts')
    return rows.map(({ key, partition, value }) => ({ key, partition, value: Number(value) }))
  }

  /** Words counted so far. */
  async words() {
    const { rows } = await this.#query('select coalesce(sum(value), 0)::text as sum from %.counts')
    return Number(rows[0]?.sum)
  }

  async outboxRows() {
    const { rows } = await this.#query('select count(*)::int as count from %.rowstream_outbox')
    return Number(rows[0]?.count)
  }

  /** Where the tasks that read a topic would resume. @param {string} topic @returns {Promise<Map<number, bigint>>} */
  async offsets(topic) {
    const text = 'select partition, next_offset::text from %.rowstream_offsets where topic = $1'
    const { rows } = await this.#query(text, [topic])
    return new Map(rows.map((row) => [Number(row.partition), BigInt(row.next_offset)]))
  }

  /** @returns {Promise<TaskRow[]>} */
  async tasks() {
    const { rows } = await this.#query(
      `select t.task, t.epoch::int as epoch, t.transactional_id, t.instance, concat(t.sequence, '/', sum(o.next_offset)) as progress
         from %.rowstream_tasks t left join %.rowstream_offsets o using (task) group by t.task order by t.task`,
    )
    return rows.map(({ task, epoch, transactional_id: transactionalId, instance, progress }) => ({
      ...{ task, epoch, transactionalId, instance, progress },
    }))
  }

  /** Claims a task for nobody, as another owner would. @param {string} task @returns {Promise<number>} The new epoch. */
  async takeByForce(task) {
    const text =
      'update %.rowstream_tasks set epoch = epoch + 1 where task = $1 returning epoch::int'
    const { rows } = await this.#query(text, [task])
    return Number(rows[0]?.epoch)
  }

  /** Cuts all connections of the application. @returns {Promise<number>} How many. */
  async cutConnections() {
    const { rows } = await this.#client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
      [this.#applicationName],
    )
    return rows.length
  }

  async dropSchema() {
    await this.#query('drop schema if exists % cascade')
  }

  /**
   * @param {string} text % stands for the schema.
   * @param {unknown[]} [values]
   * @returns {Promise<{ rows: Columns[] }>}
   */
  #query(text, values = []) {
    return this.#client.query(text.replaceAll('%', this.#schema), values)
  }
}
