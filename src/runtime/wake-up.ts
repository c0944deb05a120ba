/** Lets one loop sleep until something has happened. A call while nobody sleeps is remembered for the next sleeper. */
export class WakeUp {
  #isPending = false
  #wake: (() => void) | undefined

  /** Something has happened. */
  call(): void {
    this.#isPending = true
    this.#wake?.()
  }

  /** Resolves at the next {@link call}, at once if there was one since the last sleep, or after `timeoutMs`. */
  async sleep(timeoutMs: number): Promise<void> {
    if (!this.#isPending) await this.#next(timeoutMs)
    this.#isPending = false
  }

  #next(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs)
      this.#wake = () => {
        clearTimeout(timer)
        this.#wake = undefined
        resolve()
      }
    })
  }
}
