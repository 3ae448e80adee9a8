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
  /** The same, and nobody connects any more, until the line is mended. */
  cutAllBehind(text: string): void
  /** Ends the next connections, so many, instead of passing the text on: Postgres never hears it. */
  cutBefore(text: string, times?: number): void
  /** True when what was told to break has broken. */
  readonly isBroken: boolean
  /** What Postgres says waits until this is called with false. */
  hold(isHeld: boolean): void
  /** Until somebody sends a text. */
  heard(text: string): Promise<void>
}

/** What ends a connection. */
interface Fate {
  readonly text: string
  readonly isPassedOn: boolean
  readonly isForAll: boolean
  times: number
}

/** A {@link BreakableLine} for the test file that calls this at its top. */
export function useBreakableLine(): () => BreakableLine {
  const server = createServer({ pauseOnConnect: true })
  const open = new Set<Socket>()
  let target = new URL('postgres://nowhere')
  let isCut = false
  let isHeld = false
  let fate: Fate | null = null
  const held: (() => void)[] = []
  const listeners = new Set<(chunk: Buffer) => void>()
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
        // What is held of it is told first.
        if (isHeld && from === backend) held.push(() => to.end())
        else to.destroy()
      })
    }
    backend.on('data', (chunk) => {
      if (isHeld) held.push(() => client.write(chunk))
      else client.write(chunk)
    })
    client.on('data', (chunk: Buffer) => {
      for (const listen of [...listeners]) listen(chunk)
      if (fate === null || !chunk.includes(fate.text)) return backend.write(chunk)
      const { isPassedOn, isForAll } = fate
      if (--fate.times === 0) fate = null
      if (isForAll) isCut = true
      if (isPassedOn) backend.write(chunk, () => client.destroy())
      else client.destroy()
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
      fate = { text, isPassedOn: true, isForAll: false, times: 1 }
    },
    cutAllBehind: (text) => {
      fate = { text, isPassedOn: true, isForAll: true, times: 1 }
    },
    cutBefore: (text, times = 1) => {
      fate = { text, isPassedOn: false, isForAll: false, times }
    },
    get isBroken() {
      return fate === null
    },
    hold: (hold) => {
      isHeld = hold
      if (!hold) for (const tell of held.splice(0)) tell()
    },
    heard: (text) =>
      new Promise((resolve) => {
        const listen = (chunk: Buffer) => {
          if (!chunk.includes(text)) return
          listeners.delete(listen)
          resolve()
        }
        listeners.add(listen)
      }),
  }
  return () => line
}
