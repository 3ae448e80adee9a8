import { connect } from 'node:net'
import type pg from 'pg'

/** Code of a CancelRequest in the frontend/backend protocol. */
const cancelRequest = 80877102

/** What a connection of `pg` knows of its backend, besides its types. */
interface Backend {
  readonly host: string
  readonly port: number
  readonly processID: number | null
  readonly secretKey: number | null
}

/**
 * Asks Postgres to cancel what the connection runs. Best effort, as the protocol has it: nobody answers, and a statement that is
 * not cancelled ends by its timeout.
 */
export function cancelStatement(client: pg.PoolClient): void {
  const { host, port, processID, secretKey } = client as unknown as Backend
  if (processID === null || secretKey === null) return
  const message = Buffer.alloc(16)
  message.writeInt32BE(16, 0)
  message.writeInt32BE(cancelRequest, 4)
  message.writeInt32BE(processID, 8)
  message.writeInt32BE(secretKey, 12)
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
  socket.on('error', () => undefined)
  socket.end(message)
}
