import type { DatabaseAdapter } from '../database.ts'
import { MemoryDatabase } from './memory-database.ts'
import { MemorySchema } from './memory-schema.ts'

/**
 * State in this process, for tests and trials: the same port, with real transactions and row locks.
 * The data belongs to the adapter: it outlives `close()`, so that an application can be crashed and started again.
 */
export function memory(): DatabaseAdapter {
  const schemas = new Map<string, MemorySchema>()
  return {
    name: 'memory',
    open: async ({ schema }) => {
      const opened = schemas.get(schema) ?? new MemorySchema()
      schemas.set(schema, opened)
      return new MemoryDatabase(opened)
    },
  }
}
