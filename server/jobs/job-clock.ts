import { type Cron, readCron } from '#workers'
import type { JobQueue } from './job-queue.ts'
import type { Task } from './job-runner.ts'

const minuteMs = 60_000

/** Adds the jobs of tasks that run by the clock, in the minute in which they do. */
export class JobClock {
  readonly #timed: readonly { readonly task: Task; readonly cron: Cron }[]
  /** Minutes for which this process has asked. */
  readonly #asked = new Map<string, number>()

  constructor(tasks: readonly Task[]) {
    this.#timed = tasks.flatMap((task) => {
      const cron = task.cron === null ? '' : readCron(task.cron)
      return typeof cron === 'string' ? [] : [{ task, cron }]
    })
  }

  /** What is due now is added unless another runner has. */
  async tick(queue: JobQueue): Promise<void> {
    const now = new Date()
    const minute = new Date(Math.floor(now.getTime() / minuteMs) * minuteMs)
    for (const { task, cron } of this.#timed) {
      const { name, isForTenants, attempts } = task
      if (!cron.matches(now) || this.#asked.get(name) === minute.getTime()) continue
      await queue.addTick(name, minute, isForTenants, attempts)
      this.#asked.set(name, minute.getTime())
    }
  }
}
