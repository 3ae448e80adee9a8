import type { RowId, Rows } from '#base'
import type { CodeFields, RoleName } from '#schema'

/** What the input of a worker is made of: fields by name. */
export type WorkerFields = Readonly<Record<string, unknown>>

/** What `jobs.add` may be told besides the input. */
export interface AddOptions {
  /** Not before. */
  readonly runAt?: Date
  /** Before other jobs of the tenant that have a greater one; 0 unless said. */
  readonly priority?: number
}

/** How code adds jobs: they run when its transaction has committed, and never if it is rolled back. */
export interface Jobs {
  /** Id of the job. `task` is the path of its file: `workers/send-reminder`. */
  add(task: string, input?: object, options?: AddOptions): Promise<string>
}

/** The job as its body sees it. */
export interface JobFacts {
  /** The same however often it is tried: what makes effects outside of the database happen once. */
  readonly id: string
  readonly task: string
  /** 1 for the first try. */
  readonly attempt: number
  readonly attempts: number
  readonly createdAt: Date
}

/** Who caused a job. */
export interface JobActor {
  /** Null: the clock, or nobody who is known. */
  readonly id: RowId | null
  readonly tenant: string | null
  readonly roles: readonly string[]
}

/** What the body of a worker is given. */
export interface WorkerCall<I> {
  /**
   * Rows of the job's tenant, under the rights of who caused it, or of the service role. All of it is one transaction, which ends the job as well:
   * what it wrote is kept once, however often it is tried.
   */
  readonly db: Rows
  readonly input: I
  readonly job: JobFacts
  readonly actor: JobActor
  readonly jobs: Jobs
  /** When this try began. */
  readonly now: Date
  /** Writes a line to the log. */
  readonly log: (line: string) => void
  /** Shows how far it is to whoever looks at the queue. */
  readonly progress: (done: unknown) => Promise<void>
  /** Aborted when its time is over: a moment later nobody waits for it any more. */
  readonly signal: AbortSignal
}

/** How a worker is run. */
export interface WorkerOptions<I extends WorkerFields> {
  /** Fields of its input, as those of an entity; checked when a job is added and before each try. */
  readonly input?: I
  /** Whose rights it has: of who caused it unless a role is named, of which it has those in the job's tenant. */
  readonly as?: 'caller' | { readonly service: RoleName }
  /** How often it is tried again when it fails; 5 unless said. Then it is a failed job. */
  readonly retries?: number
  /** Until the first further try; doubled with each one, an hour at most. 10 unless said. */
  readonly backoffSeconds?: number
  /** How long a try may take; 60 unless said. */
  readonly timeoutSeconds?: number
  /** When it runs by itself, in UTC: minute, hour, day, month, weekday. Once for each tenant, as its service role. */
  readonly cron?: string
  /** How many of its jobs run for a tenant at once. */
  readonly perTenant?: number
  /** While a job with this key waits, another one is not added: it gets the newer input. */
  readonly unique?: (input: CodeFields<I>) => string
}

declare const work: unique symbol

/** What `worker` gives back. */
export interface Worker<I extends WorkerFields = WorkerFields> {
  /** Only in types. */
  readonly [work]: I
}
