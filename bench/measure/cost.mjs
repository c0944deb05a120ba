import { peakMemoryMb, processorSeconds, writtenMb } from '../lab/processor-time.mjs'
import { round } from '../lab/statistics.mjs'
import { offsetsUsed, transactionsOf } from '../lab/topics.mjs'

/** @typedef {import('../lab/child.mjs').Child} Child */

/**
 * @typedef {object} Cost
 * @property {number} appSeconds Processor time.
 * @property {number} brokerSeconds
 * @property {number} databaseSeconds
 * @property {number} memoryMb The most that the application had.
 * @property {number} appDiskMb Written by the application itself: Kafka Streams has its database inside.
 * @property {number} brokerDiskMb Written by the broker: all topics, its own included.
 * @property {number} databaseDiskMb Written by the database: its log and its files.
 * @property {number} walMb Log written by the database.
 *
 * @typedef {object} Traffic
 * @property {number} repartitionRecords
 * @property {number} outputRecords
 * @property {number} transactions Of Kafka on the output topic, about.
 * @property {number} rowsWritten To stores in the database: inserts and updates.
 */

/**
 * What was used since `before`.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../lab/lab.mjs').ServerCost} before
 * @param {readonly Child[]} children The application.
 * @returns {Promise<Cost>}
 */
export async function costSince(lab, before, children) {
  const pids = children.map(({ pid }) => pid)
  const appSeconds = processorSeconds(pids)
  const appDiskMb = writtenMb(pids)
  const after = await lab.serverCost()
  return {
    appSeconds: round(appSeconds),
    brokerSeconds: round(after.broker - before.broker),
    databaseSeconds: round(after.database - before.database),
    memoryMb: children.reduce((sum, { pid }) => sum + peakMemoryMb(pid), 0),
    appDiskMb: round(appDiskMb, 1),
    brokerDiskMb: round(after.brokerDiskMb - before.brokerDiskMb, 1),
    databaseDiskMb: round(after.databaseDiskMb - before.databaseDiskMb, 1),
    walMb: round((after.walBytes - before.walBytes) / 1e6, 1),
  }
}

/**
 * What went through Kafka and into the database. To be asked when the application has stopped: its sessions tell the
 * database's statistics at their end.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../sides/sides.mjs').Run} run
 * @param {import('./work.mjs').Work} work
 * @param {number} outputRecords
 * @returns {Promise<Traffic>}
 */
export async function trafficOf(lab, { application, output }, work, outputRecords) {
  const { repartition, partitions } = work
  return {
    repartitionRecords: repartition
      ? await offsetsUsed(lab.kafka, `${application}${repartition}`, partitions)
      : 0,
    outputRecords,
    transactions: await transactionsOf(lab.kafka, output, outputRecords, partitions),
    rowsWritten: await lab.rowsWritten(application),
  }
}
