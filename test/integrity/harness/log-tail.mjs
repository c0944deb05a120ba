const LINES_MAX = 2_000

/** The last lines that a process has written, each with the time it came. */
export class LogTail {
  /** @type {string[]} */
  #lines = []
  #rest = ''
  #dropped = 0

  /** @param {string} chunk */
  add(chunk) {
    const lines = (this.#rest + chunk).split('\n')
    this.#rest = lines.pop() ?? ''
    const time = new Date().toISOString().slice(11, 23)
    this.#lines.push(...lines.map((line) => `${time} ${line}`))
    if (this.#lines.length > LINES_MAX) this.#dropped += this.#lines.splice(0, LINES_MAX / 2).length
  }

  /** How many lines there were so far. */
  get count() {
    return this.#dropped + this.#lines.length
  }

  /** The first line after so many that matches. @param {number} count @param {RegExp} pattern */
  findAfter(count, pattern) {
    return this.#lines.slice(Math.max(0, count - this.#dropped)).find((line) => pattern.test(line))
  }

  /** @param {number} count */
  last(count) {
    return [...this.#lines, ...(this.#rest ? [this.#rest] : [])].slice(-count)
  }

  get all() {
    return this.last(LINES_MAX)
  }
}
