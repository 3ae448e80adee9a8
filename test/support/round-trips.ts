import { type AddressInfo, createServer, connect as netConnect, type Socket } from 'node:net'

/** Stands between a pool and its Postgres and counts how often one waits for the other. */
export interface RoundTrips {
  /** Of Postgres, through here. */
  readonly url: string
  /** Since it was asked last. */
  count(): number
  /** Breaks every connection, as a network does. */
  cut(): void
  close(): Promise<void>
}

/** What is sent until the first answer arrives is one round trip; answers are held back for so long. */
const holdMs = 40

/** A proxy in front of a database. */
export async function countRoundTrips(databaseUrl: string): Promise<RoundTrips> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let trips = 0
  const server = createServer((client) => {
    const backend = netConnect(Number(target.port), target.hostname)
    let isAnswered = true
    for (const socket of [client, backend]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        backend.destroy()
      })
    }
    client.on('data', (data) => {
      if (isAnswered) trips++
      isAnswered = false
      backend.write(data)
    })
    backend.on('data', (data) => {
      setTimeout(() => {
        isAnswered = true
        client.write(data)
      }, holdMs)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    count: () => {
      const counted = trips
      trips = 0
      return counted
    },
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
