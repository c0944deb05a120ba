import pg from 'pg'

/**
 * Shows the table, and whether it is what an independent count of the same text says.
 *
 * @param {import('./count-words.mjs').Counted} counted
 * @param {import('./surroundings.mjs').Surroundings} surroundings
 * @returns {Promise<boolean>}
 */
export async function report({ lines, seconds, expected }, surroundings) {
  const { applicationId, databaseUrl } = surroundings
  const query = `select key, value from ${applicationId}.counts order by value desc limit 10`
  const client = new pg.Client(databaseUrl)
  await client.connect()
  /** @type {import('pg').QueryResult<{ key: string, value: string }>} */
  const top = await client.query(query)
  /** @type {import('pg').QueryResult<{ key: string, value: string }>} */
  const all = await client.query(`select key, value from ${applicationId}.counts`)
  await client.end()

  console.log(`${query};\n`)
  for (const { key, value } of top.rows)
    console.log(`  ${key.padEnd(16)}${String(value).padStart(10)}`)
  const wrong = differences(all.rows, expected)
  console.log(
    `\n${lines.toLocaleString('en')} lines in ${seconds.toFixed(1)} s; ${all.rows.length.toLocaleString('en')} words in the table.`,
  )
  console.log(
    wrong.length === 0
      ? 'The table equals an independent count of the same text.'
      : `The table DIFFERS from an independent count: ${wrong.slice(0, 5).join(', ')}`,
  )
  console.log(`\n${howToGoOn(surroundings, query)}`)
  return wrong.length === 0
}

/**
 * @param {{ key: string, value: string }[]} rows
 * @param {Map<string, number>} expected
 */
function differences(rows, expected) {
  const found = new Map(rows.map(({ key, value }) => [key, Number(value)]))
  const keys = new Set([...found.keys(), ...expected.keys()])
  return [...keys]
    .filter((key) => found.get(key) !== expected.get(key))
    .map((key) => `${key}: ${found.get(key)} instead of ${expected.get(key)}`)
}

/** @param {import('./surroundings.mjs').Surroundings} surroundings @param {string} query */
function howToGoOn({ isEmbedded, isNamed, applicationId }, query) {
  return isNamed ? howToLook(applicationId, query) : howToRepeat(isEmbedded)
}

/** The servers are not ours: everything is still there. @param {string} applicationId @param {string} query */
function howToLook(applicationId, query) {
  return [
    'How to go on:',
    `  psql "$DATABASE_URL" -c "${query}"`,
    '                                     the table is still there',
    `  psql "$DATABASE_URL" -c "drop schema ${applicationId} cascade"`,
    `                                     removes it; the topics and the group in Kafka begin with ${applicationId}`,
  ].join('\n')
}

/** @param {boolean} isEmbedded */
function howToRepeat(isEmbedded) {
  return [
    'How to go on:',
    ...(isEmbedded ? ['  npm run demo -- --cluster          the same through a real broker'] : []),
    '  KAFKA_BROKERS=host:9092 DATABASE_URL=postgres://user:password@host/database npm run demo -- --cluster',
    '                                     the same on servers of yours, under a name that nobody has used: it ends with',
    '                                     the command that shows its table in psql',
  ].join('\n')
}
