import type { Description } from '../../commit/catalogue-entry.ts'
import { readRunning, type RunningTopology } from '../../commit/running-topology.ts'
import type { Reader } from '../../database/transaction.ts'
import { TopologyRefusedError } from '../../errors/ownership-errors.ts'
import type { Kafka } from '../../kafka/kafka.ts'
import {
  differenceOf,
  isFingerprint,
  type TopologyFingerprint,
} from '../../rebalance/topology-fingerprint.ts'
import type { ApplicationPlan } from '../application-plan.ts'

/**
 * A topology for the catalogue to compare with the one that runs: another one may take its place while the group has no members. What it
 * throws otherwise is a TopologyRefusedError `TOPOLOGY_REFUSED`.
 */
export function comparedTopology(
  kafka: Kafka,
  applicationId: string,
  own: TopologyFingerprint,
): RunningTopology {
  return {
    fingerprint: Object.fromEntries(Object.entries(own).map(([id, one]) => [id, { ...one }])),
    admit: async (running) => {
      const difference = compare(own, running)
      if (difference !== undefined && (await kafka.countMembers(applicationId)) > 0)
        throw new TopologyRefusedError(applicationId, difference)
    },
  }
}

/**
 * Compares again what tasks were claimed for: another topology may have been started meanwhile, by one to whom the group seemed empty.
 * @throws TopologyRefusedError `TOPOLOGY_REFUSED`
 */
export async function checkTopology(
  reader: Reader,
  { applicationId, compared }: ApplicationPlan,
): Promise<void> {
  const difference = compared && compare(compared, await readRunning(reader))
  if (difference !== undefined) throw new TopologyRefusedError(applicationId, difference)
}

/** Nothing is known against what says nothing. */
function compare(own: TopologyFingerprint, running: Description | undefined): string | undefined {
  return isFingerprint(running) ? differenceOf(own, running) : undefined
}
