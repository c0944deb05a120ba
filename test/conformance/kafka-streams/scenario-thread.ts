import { once } from 'node:events'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

/** What all scenarios of a run have in common; as the command line has it. */
export interface ThreadSetup {
  readonly restarts?: string | undefined
  readonly commits?: string | undefined
  readonly postgres?: string | undefined
}

/** A line of a file of scenarios. */
export interface ThreadTask {
  readonly line: string
  readonly index: number
}

/** A scenario that needs more is one that never ends: most need some megabytes. */
const MEMORY_MB_MAX = 1024

/** The file that such a thread runs, compiled or not as this one is. */
const THREAD_FILE = new URL(`./run-in-thread${extname(import.meta.url)}`, import.meta.url)

/**
 * Runs scenarios one after the other in a thread of their own: whatever happens to one is its result, and the next has a thread
 * that nothing has happened to. Only a thread can be stopped while it is busy.
 */
export class ScenarioThread {
  readonly #setup: ThreadSetup
  readonly #limitMs: number
  #worker: Worker | undefined

  constructor(setup: ThreadSetup, limitMs: number) {
    this.#setup = setup
    this.#limitMs = limitMs
  }

  /** The result in JSON. Never throws. */
  async resultOf(task: ThreadTask): Promise<string> {
    const worker = (this.#worker ??= this.#start())
    const overdue = AbortSignal.timeout(this.#limitMs)
    const done = new AbortController()
    const signal = AbortSignal.any([overdue, done.signal])
    try {
      worker.postMessage(task)
      return await Promise.race([messageOf(worker, signal), endOf(worker, signal)])
    } catch (error) {
      await this.close()
      return JSON.stringify(this.#failureOf(task, overdue.aborted, error))
    } finally {
      done.abort()
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
    this.#worker = undefined
  }

  #start(): Worker {
    const resourceLimits = { maxOldGenerationSizeMb: MEMORY_MB_MAX }
    return new Worker(THREAD_FILE, { workerData: this.#setup, resourceLimits })
  }

  #failureOf({ line }: ThreadTask, isOverdue: boolean, error: unknown): object {
    const [kind, message] = isOverdue
      ? ['timeout', `not done after ${this.#limitMs} ms`]
      : ['crash', error instanceof Error ? error.message : String(error)]
    return { id: idIn(line), outputs: [], error: { step: -1, kind, message } }
  }
}

async function messageOf(worker: Worker, signal: AbortSignal): Promise<string> {
  const [result] = (await once(worker, 'message', { signal })) as [string]
  return result
}

async function endOf(worker: Worker, signal: AbortSignal): Promise<never> {
  const [code] = (await once(worker, 'exit', { signal })) as [number]
  throw new TypeError(`its thread ended with ${code}`)
}

/** Also of a line that is no JSON, where it looks as if it had one. */
export function idIn(line: string): string | null {
  try {
    const { id } = JSON.parse(line) as { readonly id?: string }
    return id ?? null
  } catch {
    return /"id"\s*:\s*"([^"\\]*)"/.exec(line)?.[1] ?? null
  }
}
