const LINES_MAX = 2_000

/** The last lines that a process has written, each with the time it came. */
export class LogTail {
  /** @type {string[]} */
  #lines = []
  #rest = ''

  /** @param {string} chunk */
  add(chunk) {
    const lines = (this.#rest + chunk).split('\n')
    this.#rest = lines.pop() ?? ''
    const time = new Date().toISOString().slice(11, 23)
    this.#lines.push(...lines.map((line) => `${time} ${line}`))
    if (this.#lines.length > LINES_MAX) this.#lines = this.#lines.slice(-LINES_MAX / 2)
  }

  /** @param {number} count */
  last(count) {
    return [...this.#lines, ...(this.#rest ? [this.#rest] : [])].slice(-count)
  }

  get all() {
    return this.last(LINES_MAX)
  }
}
