import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type JWTPayload, jwtVerify } from 'jose'
import { roleSetName } from '#migrations'
import { loadDevKeys } from '#server'

/** What each server is told, as JSON in its first argument. */
export interface ServerOptions {
  /** Of the login. */
  readonly databaseUrl: string
  /** Holds the key of the tokens. */
  readonly folder: string
}

/** Connections to Postgres that each server has at most. */
export const poolSize = 10

/** What was told. */
export function serverOptions(): ServerOptions {
  return JSON.parse(process.argv[2]!) as ServerOptions
}

/** What a server used until now. */
export interface Usage {
  /** Resident, in MiB. */
  readonly memory: number
  /** Milliseconds of processors. */
  readonly cpuMs: number
}

/** Tells the parent the address, and from then on, whenever asked, the {@link Usage}. */
export function ready(url: string): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send!({ memory: process.memoryUsage.rss() / 2 ** 20, cpuMs: (user + system) / 1000 } satisfies Usage)
  })
  process.on('disconnect', () => process.exit())
  process.send!({ url })
}

/** Answers at a free port. */
export function serve(listener: (request: IncomingMessage, response: ServerResponse) => Promise<void>): void {
  const server = createServer((request, response) => {
    listener(request, response).catch((error: Error) => response.writeHead(500).end(error.message))
  })
  server.keepAliveTimeout = 75_000
  server.listen(0, '127.0.0.1', () => ready(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`))
}

/** The settings of a transaction for the token of a request, verified each time. */
export type ReadSettings = (authorization: string | undefined) => Promise<Readonly<Record<string, string>>>

/** Makes {@link ReadSettings} as someone writes it who follows the documentation of jose. */
export async function settingsReader(folder: string): Promise<ReadSettings> {
  const { publicKey } = await loadDevKeys(folder)
  const expected = { algorithms: ['EdDSA'], issuer: 'rowhouse-dev', audience: 'invoicing' }
  return async (authorization) => {
    const { payload } = await jwtVerify(authorization!.slice('Bearer '.length), publicKey, expected)
    return settingsOf(payload)
  }
}

/** Which role a caller becomes, and what policies know of it. */
function settingsOf(payload: JWTPayload): Readonly<Record<string, string>> {
  return {
    role: roleSetName('invoicing', payload.roles as readonly string[]),
    'rowhouse.tenant_id': payload.tenant as string,
    'rowhouse.actor_id': payload.sub!,
    'rowhouse.claim_region': '',
  }
}
