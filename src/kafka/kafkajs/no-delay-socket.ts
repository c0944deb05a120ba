import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ISocketFactory } from 'kafkajs'
import { gatherWrites } from '../../network/gather-writes.ts'

/** Guess: kafkajs' own. */
const KEEP_ALIVE_MS = 60_000

/** kafkajs' sockets with Nagle's algorithm off: a second small request must not wait for the acknowledgement of the first. */
export const noDelaySocket: ISocketFactory = ({ host, port, ssl, onConnect }): Socket => {
  const serverName = isIP(host) ? {} : { servername: host }
  const socket = ssl
    ? connectTls({ host, port, ...serverName, ...(ssl as object) }, onConnect)
    : connectTcp({ host, port }, onConnect)
  return gatherWrites(socket).setKeepAlive(true, KEEP_ALIVE_MS).setNoDelay(true)
}
