import { heartbeatV4, type Connection } from '@platformatic/kafka'
import { afterEach, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { ConnectionLostError } from '../../../src/kafka/client/connection-lost-error.ts'
import { Link } from '../../../src/kafka/platformatic/link.ts'

const servers: Server[] = []
const links: Link[] = []

afterEach(() => {
  for (const link of links.splice(0)) link.destroy()
  for (const server of servers.splice(0)) server.close()
})

const beat = (connection: Connection) => heartbeatV4.api.async(connection, 'group', 1, 'member')

test('a request without an answer ends its connection; the next one gets a new one', async () => {
  const { link, server } = await openSilent({ requestTimeout: 50 })
  const first = once(server, 'connection')
  await expect(link.ask(beat)).rejects.toThrow('did not answer within 50 ms')
  const [socket] = (await first) as [Socket]
  await once(socket.resume(), 'close')
  expect(link.isOpen).toBe(false)
  const second = once(server, 'connection')
  await expect(link.ask(beat)).rejects.toBeInstanceOf(ConnectionLostError)
  await second
})

test('a request that the broker may hold back has more time', async () => {
  const { link, server } = await openSilent({ requestTimeout: 0 })
  const connected = once(server, 'connection')
  const asked = link.ask(beat, 60_000)
  const [socket] = (await connected) as [Socket]
  await once(socket, 'data')
  socket.destroy()
  await expect(asked).rejects.toThrow('Connection closed')
})

test('several at once share one connection', async () => {
  const { link, server } = await openSilent({})
  let connections = 0
  server.on('connection', () => connections++)
  expect(new Set(await Promise.all([link.open(), link.open(), link.open()])).size).toBe(1)
  expect(connections).toBe(1)
})

test('destroying fails at once what is under way, and all that comes later', async () => {
  const { link, server } = await openSilent({})
  const connected = once(server, 'connection')
  const asked = link.ask(beat)
  const [socket] = (await connected) as [Socket]
  await once(socket, 'data')
  link.destroy()
  await expect(asked).rejects.toBeInstanceOf(ConnectionLostError)
  await expect(link.ask(beat)).rejects.toThrow('closed by this client')
  const connecting = new Link({
    address: { host: '127.0.0.1', port: 9 },
    clientId: 'x',
    options: {},
  })
  const opening = connecting.open()
  connecting.destroy()
  await expect(opening).rejects.toBeInstanceOf(ConnectionLostError)
})

/** A broker that takes requests and never answers. */
async function openSilent(options: { requestTimeout?: number }): Promise<{
  link: Link
  server: Server
}> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const link = new Link({ address: { host: '127.0.0.1', port }, clientId: 'test', options })
  servers.push(server)
  links.push(link)
  return { link, server }
}
