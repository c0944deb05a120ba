import { metrics, type Counter, type Histogram, type ObservableGauge } from '@opentelemetry/api'

const SCOPE = 'rowstream'

/** What the library counts. Without an OpenTelemetry SDK every call is a no-op. */
export interface Instruments {
  readonly recordsProcessed: Counter
  /** With `reason`, the code of an error or such as `null-key`, and `node` where a node dropped it. */
  readonly recordsDropped: Counter
  /** Of each source partition, with `topic` and `partition`: what is not processed yet, here or in Kafka, as of the last fetch. */
  readonly recordsLag: ObservableGauge
  readonly commits: Counter
  readonly commitDuration: Histogram
  readonly recordsPublished: Counter
  readonly publishDuration: Histogram
  readonly tasksFenced: Counter
  /** Stored offsets that their log did not have, and that others were taken for, with `topic` and `partition`. */
  readonly offsetsReset: Counter
  /** Of stores that are brought to a new version, with `store`. */
  readonly rowsMigrated: Counter
}

/** The instruments of this process: those of the same name are one, however many applications there are. */
export function createInstruments(): Instruments {
  const meter = metrics.getMeter(SCOPE)
  return {
    recordsProcessed: meter.createCounter('rowstream.records.processed'),
    recordsDropped: meter.createCounter('rowstream.records.dropped'),
    recordsLag: meter.createObservableGauge('rowstream.records.lag'),
    commits: meter.createCounter('rowstream.commits'),
    commitDuration: meter.createHistogram('rowstream.commit.duration', { unit: 'ms' }),
    recordsPublished: meter.createCounter('rowstream.records.published'),
    publishDuration: meter.createHistogram('rowstream.publish.duration', { unit: 'ms' }),
    offsetsReset: meter.createCounter('rowstream.offsets.reset'),
    tasksFenced: meter.createCounter('rowstream.tasks.fenced'),
    rowsMigrated: meter.createCounter('rowstream.rows.migrated'),
  }
}
