import type { Database } from '../../../src/database/database.ts'

/** Gives the database of the current test. */
export type GetDatabase = () => Database
