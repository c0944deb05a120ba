export { memory } from './memory-adapter.ts'
