/** What the HTTP side tells the log. Callers see none of it. */
export type LogEvent =
  | { readonly kind: 'internal-error'; readonly id: string; readonly error: unknown }
  | { readonly kind: 'unauthenticated'; readonly reason: string }
  | { readonly kind: 'connection-lost'; readonly error: unknown }

/** Takes the events of a server. */
export type Log = (event: LogEvent) => void
