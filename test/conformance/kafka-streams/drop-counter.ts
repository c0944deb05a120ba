import type { LogFields, Logger } from '../../../src/telemetry/logger.ts'

/**
 * Counts, by the log, the records that Kafka Streams counts in `dropped-records-total`.
 *
 * The filter before a repartition topic drops null keys as well. Kafka Streams does not count those, rowstream does:
 * they are left out here.
 */
export class DropCounter {
  #count = 0
  readonly logger: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (_message, fields) => this.#add(fields),
    error: () => undefined,
  }

  get count(): number {
    return this.#count
  }

  #add({ reason, node, phase }: LogFields = {}): void {
    const isBeforeRepartition = typeof node === 'string' && /-filter$|KSTREAM-FILTER-/.test(node)
    if (phase !== undefined || (reason !== undefined && !isBeforeRepartition)) this.#count++
  }
}
