/** A request as a client sent it, and what came back. */
export interface Sent {
  readonly method: string
  readonly url: URL
  /** Parsed; null where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: clients send bodies of any shape
  readonly body: any
  readonly status: number
}

/** A `fetch` that notes what it sends. */
export interface RecordedFetch {
  readonly fetch: typeof fetch
  readonly sent: Sent[]
}

/** For a client that is given it instead of the one of the platform. */
export function recordedFetch(): RecordedFetch {
  const sent: Sent[] = []
  const record: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    const body = typeof init?.body === 'string' ? JSON.parse(init.body) : null
    sent.push({
      method: init?.method ?? 'GET',
      url: new URL(input instanceof Request ? input.url : input),
      body,
      status: response.status,
    })
    return response
  }
  return { fetch: record, sent }
}
