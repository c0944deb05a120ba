import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A Node.js program of this repository in a process of its own. */
export class Program {
  readonly #child: ChildProcess
  readonly #listeners = new Set<() => void>()
  /** Standard output and standard error, each as far as it came. */
  stdout = ''
  stderr = ''
  /** How it ended: its exit code, or the signal that killed it. */
  readonly ended: Promise<number | NodeJS.Signals>

  constructor(file: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(process.execPath, [file, ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stdout!.on('data', (chunk) => this.#hear('stdout', String(chunk)))
    this.#child.stderr!.on('data', (chunk) => this.#hear('stderr', String(chunk)))
    this.ended = new Promise((resolve) =>
      this.#child.once('close', (code, signal) => resolve(code ?? signal!)),
    )
  }

  /** Resolves once it has printed this; rejects when it ends before. */
  async printed(pattern: RegExp): Promise<void> {
    const found = new Promise<void>((resolve) => {
      const look = () => void (pattern.test(this.stdout + this.stderr) && resolve())
      this.#listeners.add(look)
      look()
    })
    const early = this.ended.then((ending) => {
      throw new TypeError(`ended with ${ending} before it printed ${pattern}: ${this.stderr}`)
    })
    await Promise.race([found, early])
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  #hear(stream: 'stdout' | 'stderr', chunk: string): void {
    this[stream] += chunk
    for (const listener of this.#listeners) listener()
  }
}
