import { TopologyError } from '../../errors/topology-error.ts'

/** @throws TopologyError `TOPOLOGY_INVALID` unless a topic can have so many partitions. */
export function checkPartitions(topic: string, partitions: number): void {
  if (!Number.isInteger(partitions) || partitions < 1)
    throw new TopologyError(`the topic ${topic} cannot have ${partitions} partitions`)
}
