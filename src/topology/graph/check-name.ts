import { TopologyError } from '../../errors/topology-error.ts'

const MAX_NAME_LENGTH = 249
const LEGAL = /^[a-zA-Z0-9._-]+$/

/**
 * A name that ends up in the name of a topic, a table or a metric: Kafka's rules for topics.
 * @throws TopologyError `TOPOLOGY_INVALID`
 */
export function checkName(name: string): string {
  if (!LEGAL.test(name) || name === '.' || name === '..') {
    throw new TopologyError(
      `the name '${name}' is not allowed: ASCII letters, digits, '.', '_' and '-', but not '.' or '..'`,
    )
  }
  if (name.length > MAX_NAME_LENGTH) {
    throw new TopologyError(
      `the name '${name}' has ${name.length} characters; ${MAX_NAME_LENGTH} are allowed`,
    )
  }
  return name
}
