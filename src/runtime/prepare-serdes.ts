import type { SerdeUse } from '../serdes/serde.ts'
import type { RunnableTopology } from '../topology/runnable-topology.ts'

/**
 * Has every serde of a topology ask for what it needs, all at once: schemas that it writes are registered now, so that a start
 * fails rather than a record.
 * @throws StreamsError of the first that cannot.
 */
export async function prepareSerdes(
  { serdes }: RunnableTopology,
  use: Omit<SerdeUse, 'isWritten'>,
): Promise<void> {
  await Promise.all(
    serdes.flatMap(({ serde, isWritten }) => serde.prepare?.({ ...use, isWritten }) ?? []),
  )
}
