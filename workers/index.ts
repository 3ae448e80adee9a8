export { type Cron, readCron } from './cron.ts'
export type { Event, EventData, SubscriberCall, SubscriberOptions } from './types/subscriber.ts'
