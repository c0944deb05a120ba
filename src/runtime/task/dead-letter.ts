import { inspect } from 'node:util'
import { ProcessingError } from '../../errors/record-errors.ts'
import type { StreamsError } from '../../errors/streams-error.ts'
import type { Header } from '../../model/headers.ts'
import type { RecordBytes, RecordPosition } from '../../model/record.ts'
import type { FailedRecord, SinkRecord } from '../../topology/processing/node-context.ts'
import type { RunnableTopology } from '../../topology/runnable-topology.ts'

/** What a dead letter is made of. */
export interface DeadLetterParts {
  readonly topic: string
  /** Bytes of the record that was read; none where they were not kept with what waited, or nobody knows. */
  readonly source: RecordBytes | undefined
  /** Time and headers, as they were where it failed. */
  readonly record: FailedRecord
  readonly position: Partial<RecordPosition> | undefined
  readonly error: StreamsError
}

/**
 * A record that failed, as Kafka Streams writes it to `errors.dead.letter.queue.topic.name` (KIP-1034): the bytes that were read,
 * and behind their headers why they failed and where they came from.
 */
export function deadLetterOf({
  topic,
  source,
  record,
  position,
  error,
}: DeadLetterParts): SinkRecord {
  const { key = null, value = null } = source ?? {}
  const headers = [...record.headers, ...headersOf(error, position)]
  return { topic, key, value, timestamp: record.timestamp, headers }
}

/** A topology that writes dead letters too: like every topic that is written, theirs must exist. */
export function withDeadLetters(topology: RunnableTopology, topic?: string): RunnableTopology {
  if (topic === undefined || topology.outputTopics.includes(topic)) return topology
  return { ...topology, outputTopics: [...topology.outputTopics, topic] }
}

/** Of a record that came from no topic, partition and offset are −1, as in Kafka Streams. */
function headersOf(error: StreamsError, position: DeadLetterParts['position'] = {}): Header[] {
  const thrown = thrownIn(error)
  return [
    header('exception', thrown.constructor.name),
    header('message', thrown.message),
    header('stacktrace', inspect(thrown)),
    header('topic', position.topic),
    header('partition', String(position.partition ?? -1)),
    header('offset', String(position.offset ?? -1)),
  ]
}

/** What a user's function threw; else the error says more itself than what caused it. */
function thrownIn(error: StreamsError): Error {
  return error instanceof ProcessingError && error.cause instanceof Error ? error.cause : error
}

function header(name: string, text: string | undefined): Header {
  return [`__streams.errors.${name}`, text === undefined ? null : Buffer.from(text)]
}
