import { type AddressInfo, createServer, connect as netConnect, type Socket } from 'node:net'

/** Stands between a pool and its Postgres and holds back what asks to cancel. */
export interface LateCancels {
  /** Of Postgres, through here. */
  readonly url: string
  /** How many came. */
  readonly count: number
  close(): Promise<void>
}

/** Code of a CancelRequest in the protocol, behind its length. */
const cancelRequest = 80877102

/** A proxy in front of a database, on whose way to Postgres cancels are late by so much. */
export async function delayCancels(databaseUrl: string, lateMs: number): Promise<LateCancels> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let count = 0
  const server = createServer((client) => {
    const backend = netConnect(Number(target.port), target.hostname)
    for (const socket of [client, backend]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    }
    client.once('data', (first: Buffer) => {
      client.pause()
      const pass = () => {
        backend.write(first)
        client.pipe(backend)
      }
      const isCancel = first.length === 16 && first.readInt32BE(4) === cancelRequest
      if (!isCancel) return pass()
      count++
      setTimeout(pass, lateMs)
    })
    backend.pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    get count() {
      return count
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
