export {
  type CompleteWorker,
  completeWorker,
  isWorker,
  readInput,
  type WorkerSurroundings,
} from './complete-worker.ts'
export { type Cron, readCron } from './cron.ts'
export type { Event, EventData, SubscriberCall, SubscriberOptions } from './types/subscriber.ts'
export type { AddOptions, JobActor, Jobs, WorkerCall } from './types/worker.ts'
