import { checkClockwork } from '../checks/check-clockwork.ts'
import { checkListed, checkResults } from '../checks/check-results.ts'
import { clockwork, CLOCKWORK_TOPICS } from './clockwork.ts'
import { createEntries } from './entries.ts'
import { createTimedEntries } from './timed-entries.ts'
import { journal, TOPICS } from './topology.ts'
import type { Workload } from './workload.ts'

const journalWork: Workload = {
  topics: Object.values(TOPICS),
  topology: journal,
  createEntries,
  checkRows: checkListed,
  check: checkResults,
}

const clockWork: Workload = {
  topics: Object.values(CLOCKWORK_TOPICS),
  topology: clockwork,
  createEntries: createTimedEntries,
  checkRows: () => [],
  check: checkClockwork,
}

/** Every third schedule goes by time. */
export function workloadOf(seed: number): Workload {
  return seed % 3 === 0 ? clockWork : journalWork
}
