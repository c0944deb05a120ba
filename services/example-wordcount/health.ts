import { createServer, type Server } from 'node:http'
import type { Streams } from 'rowstream'
import { SettingError } from './settings.ts'

const WORDS: Record<Streams['state'], string> = {
  created: 'starting',
  starting: 'starting',
  rebalancing: 'rebalancing',
  running: 'running',
  stopping: 'stopping',
  stopped: 'stopping',
  failed: 'failed',
}

/**
 * Serves `/healthz`: what the application is doing and the tasks it owns; 200 while it may be left alone, 503 otherwise.
 * Nothing on port 0.
 *
 * @throws SettingError when nothing can listen there.
 */
export async function serveHealth(app: Streams, port: number): Promise<Server | undefined> {
  if (port === 0) return undefined
  const server = createServer((request, response) => {
    if (request.url !== '/healthz') return response.writeHead(404).end()
    const status = WORDS[app.state]
    const body = JSON.stringify({ status, tasks: app.tasks })
    return response
      .writeHead(status === 'failed' ? 503 : 200, { 'content-type': 'application/json' })
      .end(body)
  })
  await listening(server, port)
  return server
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ message }) =>
      reject(new SettingError(`HEALTH_PORT is '${port}', where it cannot listen: ${message}`)),
    )
    server.listen(port, resolve)
  })
}
