// The adapters that need no server, as one subpath of the package: `rowstream/memory`.
export { memoryKafka } from '../kafka/memory/index.ts'
export type { MemoryKafkaAdapter, MemoryKafkaAdapterOptions } from '../kafka/memory/index.ts'
export { memory } from '../database/memory/index.ts'
