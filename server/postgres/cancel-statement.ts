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

/** After so long nobody knows any more when the request for it arrives. */
const patienceMs = 5_000

/**
 * Asks Postgres to cancel what the connection runs. Best effort, as the protocol has it: a statement that is not cancelled ends
 * by its timeout. Postgres closes when it has passed the request on, whatever the connection runs by then: until this
 * resolves, it must run nothing of somebody else.
 *
 * @returns false where the request may still arrive
 */
export async function cancelStatement(client: pg.PoolClient): Promise<boolean> {
  const { host, port, processID, secretKey } = client as unknown as Backend
  if (processID === null || secretKey === null) return true
  const message = Buffer.alloc(16)
  message.writeInt32BE(16, 0)
  message.writeInt32BE(cancelRequest, 4)
  message.writeInt32BE(processID, 8)
  message.writeInt32BE(secretKey, 12)
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
  socket.setTimeout(patienceMs, () => socket.destroy(new Error('Postgres takes its time.')))
  socket.on('error', () => undefined)
  // Nothing comes; but the end of it is only seen by who reads.
  socket.resume()
  return await new Promise((resolve) => {
    let isConnected = false
    socket.once('connect', () => {
      isConnected = true
    })
    socket.once('close', (hasFailed) => resolve(!(isConnected && hasFailed)))
    // Not ended from here: what stands between might close before it has passed the request on.
    socket.write(message)
  })
}
