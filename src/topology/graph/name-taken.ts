import { TopologyError } from '../../errors/topology-error.ts'

/** @param first What leads to the node that has the name. @param second What leads to the one that was to have it. */
export function nameTaken(name: string, first: string, second: string): TopologyError {
  const places = `${first} and ${second}`
  return new TopologyError(
    `two nodes are named '${name}', ${places}: give one of them another name`,
  )
}
