import { afterAll, beforeAll, describe } from '@jest/globals'
import type { Kafka } from '../../../src/kafka/kafka.ts'
import { compactionSuite } from './compaction-suite.ts'
import { fenceSuite } from './fence-suite.ts'
import { groupSuite } from './group-suite.ts'
import { membershipSuite } from './membership-suite.ts'
import { readCommittedSuite } from './read-committed-suite.ts'
import { recordsSuite } from './records-suite.ts'
import type { SuiteContext, SuiteOpenOptions } from './suite-context.ts'
import { topicsSuite } from './topics-suite.ts'
import { transactionsSuite } from './transactions-suite.ts'

/** The contract of the Kafka port; an adapter is done when it is green. */
export function kafkaSuite({ name, open, ofBrokers, compact }: KafkaSuiteOptions): void {
  describe(`${name} keeps the contract of the Kafka port`, () => {
    const opened: Kafka[] = []
    let kafka: Kafka | undefined
    const context: SuiteContext = {
      get kafka() {
        if (!kafka) throw new TypeError('the suite has not begun')
        return kafka
      },
      open: async (options = {}) => {
        const further = await open(options)
        opened.push(further)
        return further
      },
      ...(compact && { compact }),
    }
    beforeAll(async () => {
      kafka = await context.open()
    })
    afterAll(async () => {
      await Promise.all(opened.map((client) => client.close()))
    })

    topicsSuite(context)
    recordsSuite(context)
    groupSuite(context)
    membershipSuite(context)
    ofBrokers?.(context)
    readCommittedSuite(context)
    compactionSuite(context)
    transactionsSuite(context)
    fenceSuite(context)
  })
}

/** An adapter and how to open it. */
export interface KafkaSuiteOptions {
  readonly name: string
  /** What the adapter in memory has not. */
  readonly ofBrokers?: (context: SuiteContext) => void
  /** As of {@link SuiteContext.compact}. */
  readonly compact?: (topic: string) => void
  /** A client of the same cluster each time. */
  open(options: SuiteOpenOptions): Promise<Kafka>
}
