/** What an app's `workers/*.ts` and `subscribers/*.ts` import as `rowhouse/workers`. */
export { on } from './dsl/on.ts'
export type { Event, EventData, Subscriber, SubscriberCall, SubscriberOptions } from './types/subscriber.ts'
