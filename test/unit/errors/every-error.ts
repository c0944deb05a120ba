import { ConfigurationError } from '../../../src/errors/configuration-error.ts'
import * as database from '../../../src/errors/database-errors.ts'
import * as kafka from '../../../src/errors/kafka-errors.ts'
import { MigrationError } from '../../../src/errors/migration-error.ts'
import * as ownership from '../../../src/errors/ownership-errors.ts'
import * as record from '../../../src/errors/record-errors.ts'
import * as registry from '../../../src/errors/registry-errors.ts'
import { ReshardError } from '../../../src/errors/reshard-error.ts'
import type { StreamsError } from '../../../src/errors/streams-error.ts'
import { TopologyError } from '../../../src/errors/topology-error.ts'
import { UnexpectedError } from '../../../src/errors/unexpected-error.ts'

const partition = { topic: 'in', partition: 0 }

/** One of each class. */
export const EVERY_ERROR: readonly StreamsError[] = [
  new ConfigurationError('wrong'),
  new TopologyError('contradiction'),
  new UnexpectedError('what'),
  new database.DatabaseUnreachableError('db', 'it was closed'),
  new database.TransactionRolledBackError('deadlock'),
  new database.DatabaseNotWritableError('disk full'),
  new database.CommitUnknownError(),
  new database.RowRefusedError('counts', 'too long'),
  new database.DatabaseFailedError('no right'),
  new kafka.KafkaUnreachableError(['b:9092']),
  new kafka.KafkaUndecidedError('a request', 'it is unstable'),
  new kafka.KafkaRefusedError('a request', 'no right'),
  new kafka.TopicMissingError(['in'], 'read'),
  new kafka.CopartitioningError(
    [
      ['l', 1],
      ['r', 2],
    ],
    ['join'],
  ),
  new kafka.OffsetOutOfRangeError(partition, 5n, { start: 7n, end: 9n }),
  new kafka.LogTruncatedError(partition, 5n, 3n),
  new kafka.ProducerFencedError('id-1'),
  new kafka.TransactionUnknownError('id-1'),
  new kafka.ProductionError('out', 'too large'),
  new kafka.InstanceFencedError('app', 'pod-1'),
  new kafka.ConsumerFailedError('app', 'no right'),
  new ownership.TasksFencedError(['0_0']),
  new ownership.RelayProgressLostError('0_0', 'is missing'),
  new ownership.TopologyRefusedError('app', 'sub-topology 1 reads other topics'),
  new ownership.DatabaseRefusedError('app'),
  new ownership.ApplicationStoppedError('app'),
  new ownership.CatalogueMismatchError('store counts', 'a', 'b', 'do this'),
  new registry.RegistryUnreachableError('http://registry', 'it is down'),
  new registry.RegistryRefusedError('http://registry', 'to register', 'no right'),
  new registry.SchemaIncompatibleError('orders-value', 'a field is new'),
  new registry.SchemaMissingError('orders-value', 'latest version'),
  new registry.SchemaPendingError(7, () => Promise.resolve()),
  new MigrationError('counts', 2, 'boom'),
  new ReshardError('an instance runs', 'stop it'),
  new record.DeserializationError('value', 'poison'),
  new record.SerializationError('a record', 'too large'),
  new record.ProcessingError('map', 'boom'),
  new record.InvalidTimestampError(-1, 'is negative'),
  new record.StoreRefusedError('counts', 'too long'),
  new record.SuppressBufferFullError('suppress', 'it holds 3 of 2 records'),
]
