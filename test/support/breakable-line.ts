import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll } from 'vitest'

/** A line between a server and its Postgres that breaks when it is told to. */
export interface BreakableLine {
  /** The URL of a database, by way of the line. */
  through(databaseUrl: string): string
  /** Ends all connections, and lets nobody connect. */
  cut(): void
  /** Lets them connect again. */
  mend(): void
  /** Ends a connection right after it passed a text on to Postgres, once: what Postgres says of it reaches nobody. */
  cutBehind(text: string): void
}

/** A {@link BreakableLine} for the test file that calls this at its top. */
export function useBreakableLine(): () => BreakableLine {
  const server = createServer({ pauseOnConnect: true })
  const open = new Set<Socket>()
  let target = new URL('postgres://nowhere')
  let isCut = false
  let fatal: string | null = null
  server.on('connection', (client) => {
    if (isCut) return client.destroy()
    const backend = connect(Number(target.port), target.hostname)
    for (const [from, to] of [
      [client, backend],
      [backend, client],
    ] as const) {
      open.add(from)
      from.on('error', () => undefined)
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
    }
    backend.on('data', (chunk) => client.write(chunk))
    client.on('data', (chunk: Buffer) => {
      if (fatal === null || !chunk.includes(fatal)) return backend.write(chunk)
      fatal = null
      backend.write(chunk, () => client.destroy())
    })
    client.resume()
  })
  beforeAll(() => new Promise<void>((done) => server.listen(0, '127.0.0.1', done)))
  afterAll(() => {
    for (const each of open) each.destroy()
    server.close()
  })
  const line: BreakableLine = {
    through: (databaseUrl) => {
      target = new URL(databaseUrl)
      const url = new URL(databaseUrl)
      url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
      return url.href
    },
    cut: () => {
      isCut = true
      for (const each of open) each.destroy()
    },
    mend: () => {
      isCut = false
    },
    cutBehind: (text) => {
      fatal = text
    },
  }
  return () => line
}
