export { postgres } from './postgres-adapter.ts'
export type { PostgresOptions } from './session-pool.ts'
