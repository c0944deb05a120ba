import { createServer } from 'node:net'

/**
 * Finds `count` different free ports on loopback. Nothing reserves them: who starts a server on
 * one must be ready to try again with others.
 *
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  const listeners = await Promise.all(Array.from({ length: count }, listen))
  const ports = listeners.map(portOf)
  await Promise.all(listeners.map((listener) => new Promise((resolve) => listener.close(resolve))))
  return ports
}

/** @returns {Promise<import('node:net').Server>} */
function listen() {
  return new Promise((resolve, reject) => {
    const listener = createServer()
    listener.once('error', reject)
    listener.listen(0, '127.0.0.1', () => resolve(listener))
  })
}

/** @param {import('node:net').Server} listener */
function portOf(listener) {
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP listener')
  return address.port
}
