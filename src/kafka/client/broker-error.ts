import { ConnectionLostError } from './connection-lost-error.ts'

/** The broker's error codes that something here depends on or that a person will read, by their names in Kafka's protocol guide. */
export const CODE = {
  UNKNOWN_SERVER_ERROR: -1,
  OFFSET_OUT_OF_RANGE: 1,
  CORRUPT_MESSAGE: 2,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
  LEADER_NOT_AVAILABLE: 5,
  NOT_LEADER_OR_FOLLOWER: 6,
  REQUEST_TIMED_OUT: 7,
  BROKER_NOT_AVAILABLE: 8,
  REPLICA_NOT_AVAILABLE: 9,
  MESSAGE_TOO_LARGE: 10,
  NETWORK_EXCEPTION: 13,
  COORDINATOR_LOAD_IN_PROGRESS: 14,
  COORDINATOR_NOT_AVAILABLE: 15,
  NOT_COORDINATOR: 16,
  INVALID_TOPIC: 17,
  RECORD_LIST_TOO_LARGE: 18,
  NOT_ENOUGH_REPLICAS: 19,
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 20,
  ILLEGAL_GENERATION: 22,
  INCONSISTENT_GROUP_PROTOCOL: 23,
  INVALID_GROUP_ID: 24,
  UNKNOWN_MEMBER_ID: 25,
  INVALID_SESSION_TIMEOUT: 26,
  REBALANCE_IN_PROGRESS: 27,
  TOPIC_AUTHORIZATION_FAILED: 29,
  GROUP_AUTHORIZATION_FAILED: 30,
  CLUSTER_AUTHORIZATION_FAILED: 31,
  INVALID_TIMESTAMP: 32,
  UNSUPPORTED_VERSION: 35,
  TOPIC_ALREADY_EXISTS: 36,
  NOT_CONTROLLER: 41,
  UNSUPPORTED_FOR_MESSAGE_FORMAT: 43,
  POLICY_VIOLATION: 44,
  DUPLICATE_SEQUENCE_NUMBER: 46,
  INVALID_PRODUCER_EPOCH: 47,
  INVALID_TXN_STATE: 48,
  CONCURRENT_TRANSACTIONS: 51,
  TRANSACTION_COORDINATOR_FENCED: 52,
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 53,
  KAFKA_STORAGE_ERROR: 56,
  GROUP_ID_NOT_FOUND: 69,
  FENCED_LEADER_EPOCH: 74,
  UNKNOWN_LEADER_EPOCH: 75,
  OFFSET_NOT_AVAILABLE: 78,
  MEMBER_ID_REQUIRED: 79,
  PREFERRED_LEADER_NOT_AVAILABLE: 80,
  GROUP_MAX_SIZE_REACHED: 81,
  FENCED_INSTANCE_ID: 82,
  INVALID_RECORD: 87,
  UNSTABLE_OFFSET_COMMIT: 88,
  PRODUCER_FENCED: 90,
  FENCED_MEMBER_EPOCH: 110,
  UNRELEASED_INSTANCE_ID: 111,
  UNSUPPORTED_ASSIGNOR: 112,
  STALE_MEMBER_EPOCH: 113,
} as const

const NAMES = new Map<number, string>(Object.entries(CODE).map(([name, code]) => [code, name]))

/** An answer with an error code. Adapters translate their libraries' errors of this kind. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError'
  /** As in Kafka's protocol guide. */
  readonly code: number

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** For a code in an answer, with what it was about. */
export function brokerError(code: number, about = ''): BrokerError {
  const type = NAMES.get(code) ?? `error code ${code}`
  return new BrokerError(code, about ? `${type} (${about})` : type)
}

/** @throws BrokerError for a code that is not 0. */
export function failIfRefused(code: number, about = ''): void {
  if (code !== 0) throw brokerError(code, about)
}

/** The code in a broker's answer, or undefined for another kind of failure. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof BrokerError ? error.code : undefined
}

/** What to write about an error in a log line or another error's message. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Whether nobody can say if the broker saw the request. */
export function isConnectionError(error: unknown): boolean {
  return error instanceof ConnectionLostError
}

/** Whether the group has gone on without the member, which may know by now, or soon will. */
export function isStaleMember(error: unknown): boolean {
  return STALE_MEMBER.has(codeOf(error) ?? 0)
}

const STALE_MEMBER = new Set<number>([
  CODE.UNKNOWN_MEMBER_ID,
  CODE.ILLEGAL_GENERATION,
  CODE.STALE_MEMBER_EPOCH,
])

/** Whether another broker leads the partition by now, or soon will. */
export function isStaleLeader(error: unknown): boolean {
  return STALE_LEADER.has(codeOf(error) ?? 0)
}

const STALE_LEADER = new Set<number>([
  CODE.UNKNOWN_TOPIC_OR_PARTITION,
  CODE.LEADER_NOT_AVAILABLE,
  CODE.NOT_LEADER_OR_FOLLOWER,
  CODE.BROKER_NOT_AVAILABLE,
  CODE.REPLICA_NOT_AVAILABLE,
  CODE.KAFKA_STORAGE_ERROR,
  CODE.FENCED_LEADER_EPOCH,
  CODE.UNKNOWN_LEADER_EPOCH,
  CODE.OFFSET_NOT_AVAILABLE,
  CODE.PREFERRED_LEADER_NOT_AVAILABLE,
])

/** Whether another broker coordinates the group or transactional id by now, or soon will. */
export function isStaleCoordinator(error: unknown): boolean {
  return STALE_COORDINATOR.has(codeOf(error) ?? 0)
}

const STALE_COORDINATOR = new Set<number>([
  CODE.COORDINATOR_NOT_AVAILABLE,
  CODE.NOT_COORDINATOR,
  CODE.COORDINATOR_LOAD_IN_PROGRESS,
  CODE.REQUEST_TIMED_OUT,
  CODE.NETWORK_EXCEPTION,
])
