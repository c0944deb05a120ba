import { StreamsError, type ErrorContext } from './streams-error.ts'

/** The topology contradicts itself: a name taken twice, sources that are not co-partitioned. */
export class TopologyError extends StreamsError {
  readonly code = 'TOPOLOGY_INVALID'
  readonly reaction = 'stop'

  constructor(message: string, context?: ErrorContext) {
    super(message, context)
  }
}
