/** `npm run bench -- [NAME] [options]`: see docs/performance.md, or `npm run bench -- --help`. */
import { makeReady } from './ready.mjs'

makeReady()
const { main } = await import('../bench/main.mjs')
await main(process.argv.slice(2))
