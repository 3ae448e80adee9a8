import type { Moment, Span } from '../types/moment.ts'
import { declare } from './declare.ts'

/** The moment when it is asked: the instant of the transaction, or its day in UTC. `{ validUntil: { over: now } }` */
export const now: Moment = declare('moment', { way: 'now', span: null })

/** So long after the moment when it is asked: `date({ default: ahead({ days: 14 }) })`. */
export function ahead(span: Span): Moment {
  return declare('moment', { way: 'ahead', span })
}

/** So long before the moment when it is asked. */
export function ago(span: Span): Moment {
  return declare('moment', { way: 'ago', span })
}
