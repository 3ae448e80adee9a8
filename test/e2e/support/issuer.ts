import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** An issuer of tokens on this machine. */
export interface Issuer {
  /** What `start` needs to know of it. */
  readonly env: Readonly<Record<string, string>>
  tokenOf(person: { readonly id: string; readonly tenant: string; readonly roles: readonly string[] }): Promise<string>
  close(): Promise<void>
}

/** Starts one with a key of its own. */
export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ keys: [jwk] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const issuer = 'https://id.example'
  return {
    env: {
      ROWHOUSE_JWKS_URL: `http://127.0.0.1:${port}/jwks`,
      ROWHOUSE_JWT_ISSUER: issuer,
      ROWHOUSE_JWT_AUDIENCE: 'shop',
    },
    tokenOf: ({ id, tenant, roles }) =>
      new SignJWT({ tenant, roles })
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .setSubject(id)
        .setIssuer(issuer)
        .setAudience('shop')
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
