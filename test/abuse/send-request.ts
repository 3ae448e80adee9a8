import { request } from 'node:http'
import type { HostileRequest } from './hostile-requests.ts'

/** What came back. */
export interface HostileAnswer {
  readonly status: number
  readonly text: string
}

/**
 * Sends a request as it is, which fetch does not do with every header.
 *
 * @param token null: as a visitor
 */
export function sendRequest(
  url: string,
  { method, path, headers, body }: HostileRequest,
  token: string | null,
): Promise<HostileAnswer> {
  const { hostname, port } = new URL(url)
  const all = { ...headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) }
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers: all, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
    })
    sent.on('error', reject)
    sent.end(body ?? undefined)
  })
}
