/** What Jest wrote with `--json --outputFile`. */
import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 *
 * @typedef {object} SuiteResult
 * @property {string} name The file.
 * @property {string} message The whole report of the file.
 * @property {{ status: string, fullName: string, failureMessages: string[] }[]} assertionResults
 */

/** Of one failed test: the assertion, the values and the place. */
const failureLines = 24

/**
 * @param {string} file
 * @returns {Counts} One failure where Jest wrote nothing.
 */
export function readCounts(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const json = /** @type {Record<string, number>} */ (read(file))
  const of = (/** @type {string} */ name) => json[name] ?? 0
  return {
    passed: of('numPassedTests'),
    // A file that cannot even be loaded has no tests that could fail.
    failed: of('numFailedTests') + of('numRuntimeErrorTestSuites'),
    skipped: of('numPendingTests') + of('numTodoTests'),
  }
}

/**
 * Failed tests by name, each with the beginning of what went wrong: to be read at the end of a long log.
 *
 * @param {string} file
 * @param {string} root Files are named from here.
 * @returns {string[]}
 */
export function describeFailures(file, root) {
  if (!existsSync(file)) return ['Jest wrote no results']
  const { testResults } = /** @type {{ testResults: SuiteResult[] }} */ (read(file))
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed')
    const path = relative(root, name)
    if (assertionResults.length === 0 && message !== '') return [describe(path, message)]
    return failed.map(({ fullName, failureMessages }) =>
      describe(`${path}: ${fullName}`, failureMessages.join('\n')),
    )
  })
}

/** @param {string} title @param {string} text */
function describe(title, text) {
  const lines = text.split('\n').slice(0, failureLines)
  return [title, ...lines.map((line) => `    ${line}`)].join('\n')
}

/** @param {string} file */
function read(file) {
  return /** @type {unknown} */ (JSON.parse(readFileSync(file, 'utf8')))
}
