/** @typedef {import('./cpu-profile.mjs').Frame} Frame */

/**
 * What rowstream does with a record, in order, and what Node.js does besides.
 *
 * @typedef {'fetch' | 'decode' | 'read-ahead' | 'process' | 'commit' | 'relay' | 'garbage' | 'start' | 'other'} Phase
 */

/** @type {readonly Phase[]} */
export const PHASES = [
  'fetch',
  'decode',
  'read-ahead',
  'process',
  'commit',
  'relay',
  'garbage',
  'start',
  'other',
]

/**
 * Phases by `file function`, the first that fits. What fits none, such as a byte writer or code of Node.js, belongs to the
 * phase of its caller. Answers of a broker are taken for fetches, rows from the database for read-ahead.
 *
 * @type {readonly (readonly [RegExp, Phase])[]}
 */
const RULES = [
  [/ \(garbage collector\)$/, 'garbage'],
  [/^node:internal\/(modules|bootstrap|process\/(esm|pre))/, 'start'],
  [
    /^stores\/\S+ (#?readAhead|#?read|#readMissing|#readOne|#select|#found|fill|lookAhead)$/,
    'read-ahead',
  ],
  [/^stores\/\S+ (seal|#toRow|committed|#evict)$/, 'commit'],
  [/^runtime\/task\.js (#readAhead|#collectKeys)$/, 'read-ahead'],
  [/^runtime\/task\.js seal$/, 'commit'],
  [/^topology\/compile\/read-ahead/, 'read-ahead'],
  [/^database\/postgres\/(compile\/select|codec\/row-decoder)/, 'read-ahead'],
  [
    /^node_modules\/(pg\/\S+ (parseRow|addRow|handleDataRow)|pg-protocol\/\S+ .*[dD]ataRow)/,
    'read-ahead',
  ],
  [/^runtime\/partition-queue\.js (refill|#decodeNext)$/, 'decode'],
  [/^runtime\/task\.js #decode$/, 'decode'],
  [/^topology\/\S+ decode$/, 'decode'],
  [/^kafka\/record-batch\/(batch-reader|records-reader)/, 'decode'],
  [/^kafka\/client\/log-records/, 'decode'],
  [/^(changelog\/|runtime\/relay)/, 'relay'],
  [
    /^kafka\/(record-batch\/batch-writer|client\/(record-sender|transactional-|idempotent-|wire\/produce))/,
    'relay',
  ],
  [/^(commit\/|database\/|runtime\/group-commit|node_modules\/pg)/, 'commit'],
  [
    /^(build\/services|bench|topology|serdes|stores|runtime|kafka\/record-batch\/records-encoder)/,
    'process',
  ],
  [/^(kafka\/(client|kafkajs|platformatic)|node_modules\/(kafkajs|@platformatic))/, 'fetch'],
]

/**
 * @param {Frame} frame
 * @returns {Phase}
 */
export function phaseOf(frame) {
  /** @type {Frame | undefined} */
  let one = frame
  for (; one; one = one.caller) {
    const place = `${one.file} ${one.name}`
    const rule = RULES.find(([pattern]) => pattern.test(place))
    if (rule) return rule[1]
  }
  return 'other'
}
