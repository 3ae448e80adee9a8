export type { Event, EventData, SubscriberCall, SubscriberOptions } from './types/subscriber.ts'
