import { StreamsError, type ErrorContext } from './streams-error.ts'

/** A row of a store could not be migrated: the function threw, or made what the table cannot hold. */
export class MigrationError extends StreamsError {
  readonly code = 'MIGRATION_FAILED'
  readonly reaction = 'stop'

  constructor(store: string, version: number, reason: string, context?: ErrorContext) {
    super(
      `a row of store ${store} cannot be migrated to version ${version}: ${reason}; all rows are still there as they were: ` +
        'mend the function and start again, what is done is not done again',
      context,
    )
  }
}
