import type { ScriptLine } from '#scripts'

/** What the HTTP side tells the log. Callers see none of it. */
export type LogEvent =
  | { readonly kind: 'internal-error'; readonly id: string; readonly error: unknown }
  | { readonly kind: 'unauthenticated'; readonly reason: string }
  /** What a script wrote, which may be anything. */
  | ({ readonly kind: 'script-log' } & ScriptLine)
  | { readonly kind: 'connection-lost'; readonly error: unknown }

/** Takes the events of a server. */
export type Log = (event: LogEvent) => void

/** A line of a script for people to read; what it holds is still to be made printable. */
export function scriptLineText({ tenant, script, version, line }: ScriptLine): string {
  const which = version === null ? script : `${script} (version ${version})`
  return `${which}${tenant === null ? '' : ` of tenant ${tenant}`}  ${line}`
}
