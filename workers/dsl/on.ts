import { callSite, declare, type EventName } from '#schema'
import type { Subscriber, SubscriberCall, SubscriberOptions } from '../types/subscriber.ts'

/**
 * Declares a subscriber, the default export of a file in `subscribers/`: its function is called with each event of that name, as a job, after
 * the transaction that the event belongs to. At least once: `event.id` tells those apart that come again. The events of a row come in their order,
 * one at a time.
 */
export function on<const N extends EventName>(
  events: N | readonly N[],
  run: (call: SubscriberCall<N>) => Promise<void> | void,
  options: SubscriberOptions = {},
): Subscriber<N> {
  return declare('subscriber', { events, run, options, at: callSite() })
}
