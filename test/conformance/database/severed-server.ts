import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** What happens to a connection when a certain text goes through it to the server. */
export type Fate = 'cut before' | 'cut after' | 'swallow answers'

/** A door to a server that can be made to fail. */
export class SeveredServer {
  readonly #target: URL
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #fate: { readonly text: string; readonly fate: Fate } | undefined

  private constructor(target: URL) {
    this.#target = target
    this.#server = createServer((client) => this.#accept(client))
  }

  static async open(url: string): Promise<SeveredServer> {
    const server = new SeveredServer(new URL(url))
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get url(): string {
    const url = new URL(this.#target)
    url.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return url.href
  }

  /** Arms it once, for the next time that this text is sent to the server. */
  when(text: string, fate: Fate): void {
    this.#fate = { text, fate }
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #accept(client: Socket): void {
    const server = connect(Number(this.#target.port || 5432), this.#target.hostname)
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', () => undefined)
    }
    let isSwallowing = false
    client.on('data', (data) => {
      const fate = this.#fateOf(data)
      if (fate === 'swallow answers') isSwallowing = true
      if (fate !== 'cut before') server.write(data)
      // The server still gets what was sent, and its answer has nowhere to go.
      if (fate?.startsWith('cut')) client.destroy()
    })
    server.on('data', (data) => {
      if (!isSwallowing && !client.destroyed) client.write(data)
    })
    client.on('close', () => server.end())
    server.on('close', () => client.destroy())
  }

  #fateOf(data: Buffer): Fate | undefined {
    if (!this.#fate || !data.includes(this.#fate.text)) return undefined
    const { fate } = this.#fate
    this.#fate = undefined
    return fate
  }
}
