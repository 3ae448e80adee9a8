import type { Failure, ThreadEnd } from '../pool/messages.ts'
import type { EngineFault } from './sandbox.ts'

/** An end without output, that no call of the script is the reason of. */
export function failed(why: Failure, message: string): ThreadEnd {
  return { kind: 'failed', why, message, call: null }
}

/** The end that a script told by what it threw. */
export function faultEnd(text: string): ThreadEnd {
  const told = JSON.parse(text) as
    | { readonly raised: unknown }
    | { readonly message: string; readonly stack: string; readonly call: number | null }
  if ('raised' in told) return { kind: 'raised', text: JSON.stringify(told.raised) }
  return { kind: 'failed', why: whyOf(told.message), message: placed(told.message, told.stack), call: told.call }
}

/** The end of a script that the engine stopped. */
export function endOfFault({ name, message, stack }: EngineFault): ThreadEnd {
  const text = name === '' ? message : `${name}: ${message}`
  return failed(whyOf(text), placed(text, stack))
}

function whyOf(message: string): Failure {
  return message === 'InternalError: out of memory' ? 'memory' : 'error'
}

/** With the first place of the trace that is in a script. */
function placed(message: string, stack: string): string {
  const place = /\(?(scripts\/[\w./-]+\.ts:\d+(?::\d+)?)\)?/.exec(stack)?.[1]
  return place === undefined ? message : `${message} (${place})`
}
