// Describing a topology.
export {
  StreamsBuilder,
  type GlobalTableOptions,
  type SourceTableOptions,
  type StreamOptions,
  type TableOptions,
} from './topology/streams-builder.ts'
export type {
  AggregateOptions,
  AsyncOptions,
  BranchedKStream,
  CountOptions,
  GlobalKTable,
  KGroupedStream,
  KGroupedTable,
  KStream,
  KTable,
  PrintOptions,
  ProcessOptions,
  CogroupedKStream,
  CogroupOptions,
  EmitStrategy,
  ForeignKeyOptions,
  JoinWindowOptions,
  ReduceOptions,
  SessionWindowedKStream,
  SessionWindowedCogroupedKStream,
  TimeWindowedCogroupedKStream,
  TimeWindowedKStream,
  WindowedAggregateOptions,
  RepartitionOptions,
  StreamJoinOptions,
  SuppressOptions,
  TableAggregateOptions,
  TableJoinOptions,
} from './topology/dsl/dsl.ts'
export type {
  NodeOptions,
  OptionsParameter,
  Partitioned,
  Reads,
  SerdeOption,
  StoreOptions,
  VersionedRows,
  WindowedStoreOptions,
  Writes,
} from './topology/dsl/options.ts'
export type { NullValues } from './topology/windows/null-values.ts'
export {
  migrateFrom,
  type MigratedRow,
  type MigrateRow,
  type MigrationFrom,
  type RowMethod,
  type StoredRow,
  type StoreMigration,
} from './stores/contract/store-migration.ts'
export type {
  ExtractedRecord,
  KeyValue,
  PartitionedTopic,
  RecordContext,
  StreamPartitioner,
  TimestampExtractor,
  TopicNameExtractor,
} from './topology/processing/functions.ts'
export {
  failOnInvalidTimestamp,
  logAndSkipOnInvalidTimestamp,
  usePartitionTimeOnInvalidTimestamp,
  wallclockTimestampExtractor,
} from './topology/processing/timestamp-extractors.ts'
export type {
  Processor,
  ProcessorFunction,
  ProcessorSupplier,
} from './topology/processor/processor.ts'
export type { ProcessorContext, ScheduleOptions } from './topology/processor/processor-context.ts'
export type {
  KeyValueStore,
  TimestampedKeyValueStore,
  VersionedKeyValueStore,
} from './topology/processor/state-store.ts'
export type { PutVersion, VersionedRecord } from './stores/contract/versioned-store.ts'
export type { SessionStore } from './stores/contract/session-store.ts'
export type { Timer, Timers, TimerType } from './stores/contract/timers.ts'
export type { ValueAndTimestamp } from './stores/contract/key-value-store.ts'
export type { WindowEntry, WindowStore, WindowedEntry } from './stores/contract/window-store.ts'
export type { RecordPosition } from './model/record.ts'
export type { Header, Headers } from './model/headers.ts'
export type { MaybePromise } from './model/maybe-promise.ts'
export type { TaskId } from './model/task-id.ts'
export {
  stores,
  type StoreBuilder,
  type SessionStoreBuilderOptions,
  type StoreBuilderOptions,
  type VersionedStoreBuilderOptions,
  type WindowStoreBuilderOptions,
} from './topology/processor/store-builder.ts'
export type { Cancellable, PunctuationType } from './topology/processing/punctuation.ts'
export type { StreamRecord } from './model/stream-record.ts'
export { SessionWindows, type SessionWindowsOptions } from './topology/windows/session-windows.ts'
export { SlidingWindows, type SlidingWindowsOptions } from './topology/windows/sliding-windows.ts'
export { TimeWindows, type TimeWindowsOptions } from './topology/windows/time-windows.ts'
export {
  UnlimitedWindows,
  type UnlimitedWindowsOptions,
} from './topology/windows/unlimited-windows.ts'
export type { FixedWindows, WindowBounds } from './topology/windows/fixed-windows.ts'
export type { Windowed } from './model/windowed.ts'
export {
  TopologyBuilder,
  type NodeTypes,
  type ProcessorOptions,
  type SinkOptions,
  type UpdaterNames,
} from './topology/topology-builder.ts'
export type { StoreTopicOptions, StoreUpdater } from './topology/dsl/add-updater.ts'
export type { SourceOptions } from './topology/dsl/source-definition.ts'
export type { OffsetReset } from './topology/runnable-topology.ts'
export type { Topology } from './topology/topology.ts'
export type { BuildOptions } from './topology/build-options.ts'
export type { Optimization } from './topology/graph/optimizations.ts'

// Bytes and values.
export { serdes } from './serdes/serdes.ts'
export type { Serde, SerdeUse, ColumnCodec, Patiently } from './serdes/serde.ts'
export type { Cell, CellType, JsonValue } from './model/cell.ts'

// Running it.
export { Streams, type CloseOptions } from './runtime/streams.ts'
export type {
  OffsetOutOfRangeDecision,
  ProcessingGuarantee,
  StreamsOptions,
} from './runtime/streams-options.ts'
export type { Health, HealthOptions } from './runtime/health.ts'
export type { StreamsState, StateListener } from './runtime/lifecycle.ts'
export type {
  FailureDecision,
  FailureHandler,
  FailureHandlers,
  FailurePhase,
} from './runtime/task/failure-policy.ts'
export type { UncaughtErrorDecision, UncaughtErrorHandler } from './runtime/uncaught-error.ts'

// Changing it.
export { reshard, type Resharded } from './runtime/reshard/reshard.ts'
export type { GrownTopic } from './runtime/reshard/resize.ts'

// What can go wrong.
export { StreamsError, type ErrorContext, type Reaction } from './errors/streams-error.ts'

// The two outside walls: for writing an adapter, or for using one directly.
export type { Kafka, KafkaAdapter, KafkaOpenOptions } from './kafka/kafka.ts'
export type {
  FetchedBatch,
  GroupConsumer,
  GroupConsumerOptions,
  GroupListener,
  GroupProtocol,
  StopOptions,
} from './kafka/group-consumer.ts'
export type { GroupAssignor, GroupMember, MemberAssignment } from './kafka/group-assignor.ts'
export type { GroupMembership } from './kafka/group-membership.ts'
export type { FetchedRecords } from './kafka/fetched-records.ts'
export type {
  KafkaTransaction,
  OffsetWithMetadata,
  TransactionalProducer,
} from './kafka/transactional-producer.ts'
export type { EncodedRecords } from './kafka/record-batch/encoded-records.ts'
export type {
  GroupOffset,
  LogRange,
  NewTopic,
  PartitionOffset,
  TopicDescription,
  TopicSize,
} from './kafka/topics-and-offsets.ts'
export type { ConsumedRecord, OutgoingRecord } from './model/record.ts'
export type { TopicPartition } from './model/topic-partition.ts'
export type {
  Database,
  DatabaseAdapter,
  DatabaseOpenOptions,
  TableToMigrate,
} from './database/database.ts'
export type { Column, Row, Table } from './database/table.ts'
export type {
  Bound,
  ConditionalUpdate,
  KeyRange,
  KeySet,
  Reader,
  Transaction,
  TransactionOptions,
} from './database/transaction.ts'

// Speaking and telling time.
export { consoleLogger, type Logger, type LogFields, type LogLevel } from './telemetry/logger.ts'
export type { Clock } from './telemetry/clock.ts'
export type { TestPoint, TestSignals } from './telemetry/test-signals.ts'
