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
 * Serves `/healthz`, 200 while the application may be left alone, and `/readyz`, 200 while it processes all its tasks; 503 otherwise.
 * Both say what it is doing, the tasks it owns and what is wrong. Nothing on port 0.
 *
 * @throws SettingError when nothing can listen there.
 */
export async function serveHealth(app: Streams, port: number): Promise<Server | undefined> {
  if (port === 0) return undefined
  const server = createServer((request, response) => {
    const { isLive, isReady, reasons } = app.health()
    const isGood = { '/healthz': isLive, '/readyz': isReady }[request.url ?? '']
    if (isGood === undefined) return response.writeHead(404).end()
    const body = JSON.stringify({ status: WORDS[app.state], tasks: app.tasks, reasons })
    return response.writeHead(isGood ? 200 : 503, { 'content-type': 'application/json' }).end(body)
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
