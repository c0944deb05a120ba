import { afterEach, expect, test } from '@jest/globals'
import type { Server } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { serveHealth } from '../../../services/example-wordcount/health.ts'

let server: Server | undefined
afterEach(() => new Promise((resolve) => server?.close(resolve)))

async function freePort(): Promise<number> {
  const holder = createServer()
  await new Promise<void>((resolve) => holder.listen(0, resolve))
  const { port } = holder.address() as AddressInfo
  await new Promise((resolve) => holder.close(resolve))
  return port
}

test.each([
  ['created', 'starting', true, false, [200, 503, 404]],
  ['starting', 'starting', true, false, [200, 503, 404]],
  ['rebalancing', 'rebalancing', true, false, [200, 503, 404]],
  ['running', 'running', true, true, [200, 200, 404]],
  ['running', 'running', false, false, [503, 503, 404]],
  ['stopping', 'stopping', true, false, [200, 503, 404]],
  ['stopped', 'stopping', true, false, [200, 503, 404]],
  ['failed', 'failed', false, false, [503, 503, 404]],
] as const)(
  'the service tells of what is %s: %s, live %s, ready %s',
  async (state, status, isLive, isReady, codes) => {
    const port = await freePort()
    const reasons = ['why']
    const health = () => ({ isLive, isReady, reasons })
    server = await serveHealth({ state, tasks: ['0_0'], health } as never, port)
    const ask = (path: string) => fetch(`http://127.0.0.1:${port}/${path}`)
    const answers = await Promise.all(['healthz', 'readyz', 'other'].map(ask))
    expect(answers.map((answer) => answer.status)).toEqual(codes)
    for (const answer of answers.slice(0, 2))
      expect(await answer.json()).toEqual({ status, tasks: ['0_0'], reasons })
  },
)
