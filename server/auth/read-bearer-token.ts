import { Unauthenticated } from './unauthenticated.ts'

/**
 * The token of an `authorization` header, or null when there is no header.
 *
 * @throws Unauthenticated for anything but one `Bearer` token: whoever means to sign in is never taken for a visitor
 */
export function readBearerToken(header: string | undefined): string | null {
  if (header === undefined) return null
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1]
  if (token === undefined) throw new Unauthenticated('The authorization header is not "Bearer <token>".')
  return token
}
