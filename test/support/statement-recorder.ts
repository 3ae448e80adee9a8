import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

/** A way to Postgres that notes what is sent. */
export interface StatementRecorder {
  /** The URL given, by this way. */
  readonly url: string
  /** Statements sent since the last call, with the number of their values; the oldest first. */
  take(): readonly string[]
  /** Everything that was sent, values too. */
  bytes(): Buffer
  close(): Promise<void>
}

/** Postgres: "Frontend/Backend Protocol", messages of the extended and of the simple query. A message before the first is without a type. */
export async function recordStatements(databaseUrl: string): Promise<StatementRecorder> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let sent: string[] = []
  const all: Buffer[] = []
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname)
    const note = reader((text) => sent.push(text))
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (bytes: Buffer) => {
      note(bytes)
      all.push(bytes)
      upstream.write(bytes)
    })
    upstream.pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    take: () => {
      const taken = sent
      sent = []
      return taken
    },
    bytes: () => Buffer.concat(all),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** Puts messages together that arrive in pieces, and tells of those that are statements. Named ones are told by their text when they are bound. */
function reader(tell: (text: string) => void): (bytes: Buffer) => void {
  let rest = Buffer.alloc(0)
  let isStarted = false
  const named = new Map<string, string>()
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    for (;;) {
      const head = isStarted ? 1 : 0
      if (rest.length < head + 4) return
      const length = head + rest.readInt32BE(head)
      if (rest.length < length) return
      const message = rest.subarray(0, length)
      rest = rest.subarray(length)
      if (isStarted) tellMessage(message, named, tell)
      // A request for encryption is answered, and the start comes after it.
      isStarted ||= message.readInt32BE(4) !== 80_877_103
    }
  }
}

function tellMessage(message: Buffer, named: Map<string, string>, tell: (text: string) => void): void {
  const type = String.fromCharCode(message[0]!)
  const texts = message.subarray(5)
  if (type === 'Q') tell(textAt(texts, 0))
  if (type === 'P') {
    const name = textAt(texts, 0)
    named.set(name, textAt(texts, Buffer.byteLength(name) + 1))
  }
  if (type === 'B') {
    const portal = textAt(texts, 0)
    tell(named.get(textAt(texts, Buffer.byteLength(portal) + 1)) ?? 'a statement that nobody made')
  }
}

function textAt(bytes: Buffer, start: number): string {
  return bytes.toString('utf8', start, bytes.indexOf(0, start))
}
