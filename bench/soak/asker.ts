import { Agent, request } from 'node:http'

/** What came back, or that nothing did. */
export interface Told {
  /** 0: the connection broke, or was given up. */
  readonly status: number
  readonly retryAfter: string | null
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  readonly data: any
  readonly codes: readonly string[]
  readonly outcome: string | null
  readonly text: string
}

/** Longer than any limit of the server: who waits so long is stuck. */
export const stuckMs = 45_000

/** Asks one server over connections that stay open. */
export class Asker {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 })
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  /**
   * Asks; never rejects.
   *
   * @param hangUpMs the client leaves after so long; null: it waits
   */
  ask(
    token: string | null,
    body: object,
    { hangUpMs = null }: { readonly hangUpMs?: number | null } = {},
  ): Promise<Told> {
    const text = JSON.stringify(body)
    return new Promise((resolve) => {
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      }
      const asked = request(this.#url, { method: 'POST', agent: this.#agent, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', () => broken('the answer broke off'))
        response.on('end', () => {
          clearTimeout(timer)
          resolve(toldOf(response.statusCode ?? 0, response.headers['retry-after'] ?? null, Buffer.concat(chunks)))
        })
      })
      const broken = (text: string) => {
        clearTimeout(timer)
        resolve({ status: 0, retryAfter: null, data: null, codes: [], outcome: null, text })
      }
      const timer = setTimeout(() => {
        broken(hangUpMs === null ? 'stuck' : 'hung up')
        asked.destroy()
      }, hangUpMs ?? stuckMs)
      asked.on('error', (error) => broken(error.message))
      asked.end(text)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

function toldOf(status: number, retryAfter: string | null, body: Buffer): Told {
  const text = body.toString()
  try {
    const { data = null, errors = [] } = JSON.parse(text) as {
      readonly data?: unknown
      readonly errors?: readonly { readonly extensions?: { readonly code?: string; readonly outcome?: string } }[]
    }
    const outcome = errors.find(({ extensions }) => extensions?.outcome !== undefined)?.extensions?.outcome ?? null
    return {
      status,
      retryAfter,
      data,
      codes: errors.map(({ extensions }) => extensions?.code ?? 'none'),
      outcome,
      text,
    }
  } catch {
    return { status, retryAfter, data: null, codes: ['unreadable'], outcome: null, text }
  }
}
