import type { IncomingHttpHeaders } from 'node:http'
import { Unauthenticated } from '../../auth/unauthenticated.ts'

/** What a WebSocket says of who asks. */
export interface Hello {
  /** As the header of the same name; undefined: a visitor. */
  readonly authorization: string | undefined
  /** As the header `accept-language`. */
  readonly language: string | undefined
}

/**
 * Reads the payload of `connection_init`: what stands in it, or in its `headers`, counts before the headers of the upgrade, which no page can write.
 *
 * @throws Unauthenticated for an `authorization` that is no text: whoever means to sign in is never taken for a visitor
 */
export function readHello(payload: Readonly<Record<string, unknown>> | undefined, upgrade: IncomingHttpHeaders): Hello {
  const authorization = headerOf(payload, 'authorization') ?? upgrade.authorization
  if (authorization !== undefined && typeof authorization !== 'string')
    throw new Unauthenticated('The authorization of connection_init is no text.')
  const language = headerOf(payload, 'accept-language')
  return { authorization, language: typeof language === 'string' ? language : upgrade['accept-language'] }
}

function headerOf(payload: Readonly<Record<string, unknown>> | undefined, name: string): unknown {
  return entryOf(payload, name) ?? entryOf(entryOf(payload, 'headers'), name)
}

/** Names of headers are written in any case. Null is what clients send who have none. */
function entryOf(object: unknown, name: string): unknown {
  if (typeof object !== 'object' || object === null) return undefined
  const found = Object.entries(object).find(([key, value]) => key.toLowerCase() === name && value != null)
  return found?.[1]
}
