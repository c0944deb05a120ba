import { createServer, type Server } from 'node:http'
import type { Streams } from 'rowstream'

const WORDS: Partial<Record<Streams['state'], string>> = {
  created: 'starting',
  starting: 'starting',
  rebalancing: 'rebalancing',
  running: 'running',
}

/** Serves `/healthz`: what the application is doing and the tasks it owns; 200 while it may be left alone, 503 otherwise. */
export function serveHealth(app: Streams, port: number): Server {
  return createServer((request, response) => {
    if (request.url !== '/healthz') return response.writeHead(404).end()
    const status = WORDS[app.state] ?? 'failed'
    const body = JSON.stringify({ status, tasks: app.tasks })
    return response
      .writeHead(status === 'failed' ? 503 : 200, { 'content-type': 'application/json' })
      .end(body)
  }).listen(port)
}
