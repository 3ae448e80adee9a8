/** What an app's `workers/*.ts` and `subscribers/*.ts` import as `rowhouse/workers`. */
export type { Row, RowId, RowQuery, Rows } from '#base'
export { on } from './dsl/on.ts'
export { worker } from './dsl/worker.ts'
export type { Event, EventData, Subscriber, SubscriberCall, SubscriberOptions } from './types/subscriber.ts'
export type {
  AddOptions,
  JobActor,
  JobFacts,
  Jobs,
  Worker,
  WorkerCall,
  WorkerFields,
  WorkerOptions,
} from './types/worker.ts'
