import { type AddressInfo, createServer, type Socket } from 'node:net'
import pg from 'pg'

/** Stands in front of Postgres as PgBouncer does in transaction mode: each transaction gets another session than the one before. */
export interface TransactionPooler {
  /** Of Postgres, through here. */
  readonly url: string
  close(): Promise<void>
}

/** A pooler with so many sessions, which all its clients share. One client at a time is enough for a test. */
export async function poolTransactions(databaseUrl: string, sessions = 2): Promise<TransactionPooler> {
  const backends = await Promise.all(Array.from({ length: sessions }, () => openSession(databaseUrl)))
  const sockets = new Set<Socket>()
  let at = 0
  // Also from client to client: what a session still says to one who has gone reaches nobody else.
  const next = () => backends[++at % backends.length]!
  const server = createServer((client) => {
    sockets.add(client)
    client.on('error', () => undefined)
    serveClient(client, backends, next)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    close: async () => {
      for (const socket of [...sockets, ...backends]) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A session that has signed in; from then on nobody but us reads what it says. */
async function openSession(connectionString: string): Promise<Socket> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection
  stream.removeAllListeners()
  stream.on('error', () => undefined)
  return stream
}

function serveClient(client: Socket, backends: readonly Socket[], next: () => Socket): void {
  let backend = backends[0]!
  let waiting = 0
  let isIdle = true
  const startup = new Frames(0)
  const asked = new Frames(1)
  let isStarted = false
  client.on('data', (data: Buffer) => {
    if (!isStarted) {
      if (startup.read(data).length === 0) return
      isStarted = true
      client.write(welcome)
      return
    }
    for (const message of asked.read(data)) {
      // A new transaction, in the session after the last one's.
      if (isIdle && waiting === 0) attach(next())
      isIdle = false
      if ('SQ'.includes(String.fromCharCode(message[0]!))) waiting++
      if (message[0] !== 0x58) backend.write(message)
    }
  })
  const attach = (given: Socket) => {
    backend = given
    for (const each of backends) each.removeAllListeners('data')
    const answered = new Frames(1)
    backend.on('data', (data: Buffer) => {
      for (const message of answered.read(data)) {
        client.write(message)
        if (message[0] !== 0x5a) continue
        waiting--
        isIdle = message[5] === 0x49
      }
    })
  }
}

/** Signed in, and ready. */
const welcome = Buffer.concat([
  Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]),
  Buffer.from([0x4b, 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, 1]),
  Buffer.from([0x5a, 0, 0, 0, 5, 0x49]),
])

/** Cuts a stream into messages of the protocol, whose length is behind so many bytes. */
class Frames {
  readonly #before: number
  #rest: Buffer = Buffer.alloc(0)

  constructor(before: number) {
    this.#before = before
  }

  read(data: Buffer): readonly Buffer[] {
    this.#rest = Buffer.concat([this.#rest, data])
    const found: Buffer[] = []
    while (this.#rest.length >= this.#before + 4) {
      const length = this.#before + this.#rest.readInt32BE(this.#before)
      if (this.#rest.length < length) break
      found.push(this.#rest.subarray(0, length))
      this.#rest = this.#rest.subarray(length)
    }
    return found
  }
}
