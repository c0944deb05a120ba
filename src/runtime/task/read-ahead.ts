import { StreamsError } from '../../errors/streams-error.ts'
import type { TaskStore } from '../../stores/task-store.ts'
import type { ProcessingGraph } from '../../topology/processing/processing-graph.ts'
import type { DecodedWindow } from './window-decoder.ts'

/** Who knows which rows are needed, and who reads them. */
interface ReadAheadParts {
  readonly graph: ProcessingGraph
  readonly stores: ReadonlyMap<string, TaskStore>
}

/** Reads the rows that records will need: one statement a store. */
export async function readAhead(
  windows: readonly DecodedWindow[],
  { graph, stores }: ReadAheadParts,
): Promise<void> {
  const wanted = new Map<string, unknown[]>()
  for (const window of windows) collectKeys(graph, window, wanted)
  const reads = [...wanted].map(([name, keys]) => stores.get(name)?.readAhead?.(keys))
  await Promise.all(reads.filter((read) => read !== undefined))
}

function collectKeys(
  graph: ProcessingGraph,
  { topic, records }: DecodedWindow,
  wanted: Map<string, unknown[]>,
): void {
  for (const ahead of graph.readAhead(topic)) {
    const keys = wanted.get(ahead.store) ?? []
    wanted.set(ahead.store, keys)
    for (const { record } of records) {
      const key = StreamsError.is(record) ? undefined : ahead.keyOf(record)
      if (key !== undefined) keys.push(key)
    }
  }
}
