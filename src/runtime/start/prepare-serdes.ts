import type { Patiently } from '../../serdes/serde.ts'
import { systemClock } from '../../telemetry/clock.ts'
import type { RunnableTopology } from '../../topology/runnable-topology.ts'
import { Backoff } from '../backoff.ts'
import { patiently } from '../patiently.ts'

/** How patient serdes may be. */
export interface SerdePatience {
  /** What fails for passing reasons is tried again this long. */
  readonly retryMs: number
  /** Aborts when nobody waits any more. */
  readonly signal?: AbortSignal
}

/**
 * Has every serde of a topology ask for what it needs, all at once: schemas that it writes are registered now, so that a start
 * fails rather than a record.
 * @throws StreamsError of the first that cannot.
 */
export async function prepareSerdes(
  { serdes }: RunnableTopology,
  patience: SerdePatience,
): Promise<void> {
  const use = { patiently: patientlyUntil(patience) }
  await Promise.all(
    serdes.flatMap(({ serde, isWritten }) => serde.prepare?.({ ...use, isWritten }) ?? []),
  )
}

/** A registry has the time of this machine: a test that stops the application's clock does not stop it. */
function patientlyUntil({ retryMs, signal }: SerdePatience): Patiently {
  return async (work) => {
    // A wait does not keep the process alive by itself, and there may be nothing else yet.
    const alive = setInterval(() => undefined, 1_000)
    try {
      return await patiently(work, new Backoff(systemClock, retryMs, signal))
    } finally {
      clearInterval(alive)
    }
  }
}
