import pg from 'pg'

/** A job that a runner holds. */
export interface TakenJob {
  readonly id: string
  readonly task: string
  /** Of the cause; null: none. */
  readonly tenantId: string | null
  readonly actorId: string | null
  /** Role set of the cause; null: the clock's. */
  readonly asRole: string | null
  readonly claims: Readonly<Record<string, string>>
  readonly input: unknown
  /** This one counted. */
  readonly attempt: number
  readonly attempts: number
  readonly createdAt: Date
  /** Whose turn it takes: the tenant's. */
  readonly turn: string
  /** Its input, and its rights, are of somebody who edited it when it had failed, or another one that it came of. */
  readonly isEdited: boolean
}

/** Which jobs a runner asks for. */
export interface Taking {
  readonly tasks: readonly string[]
  readonly most: number
  /** The turn behind which to begin. */
  readonly after: string | null
  /** Turns that shall wait. */
  readonly butNot: readonly string[]
  /** So many of the tasks may run for a tenant at once, on all runners together; null: any number. */
  readonly perTenant: number | null
}

/** How the queue is reached. */
export interface JobQueueOptions {
  /** Of the login of the server. */
  readonly connectionString: string
  /** `<app>_jobs` */
  readonly role: string
  /** Who takes jobs: a uuid. */
  readonly runner: string
  /** False behind a pooler that gives each transaction another session: nobody is told of new jobs then. */
  readonly isSessionKept: boolean
  /** Told that there may be something to do. */
  readonly onJobs: (when: 'now' | 'later') => void
}

/** What to delete that is kept for each tenant. */
export interface SweptTenants {
  readonly what: 'events' | 'script runs'
  /** For how many days it is kept. */
  readonly days: number
  /** The tenant behind which to begin; null: with the first. */
  readonly behind: string | null
  readonly most: number
}

/** What one transaction deleted. */
export interface SweptPage {
  readonly gone: number
  readonly behind: string | null
  readonly isLast: boolean
}

const take =
  'select * from rowhouse_queue.take_jobs($1, $2::text[], $3::integer, $4::uuid, $5::uuid[], $6::integer) order by place'

/** The queue of jobs as a runner sees it: one connection as the role of runners, made again when it breaks. */
export class JobQueue {
  readonly #options: JobQueueOptions
  #client: Promise<pg.Client> | null = null
  #isClosed = false

  constructor(options: JobQueueOptions) {
    this.#options = options
  }

  /** Holds the jobs that it returns. */
  async take({ tasks, most, after, butNot, perTenant }: Taking): Promise<readonly TakenJob[]> {
    const rows = await this.#ask('take', take, [this.#options.runner, tasks, most, after, butNot, perTenant])
    return rows.map((row) => takenJob(row))
  }

  /** When the next job that waits for its time is due. */
  async nextDue(): Promise<Date | null> {
    const [row] = await this.#ask('due', 'select rowhouse_queue.next_due() as at', [])
    return (row?.at as Date | null) ?? null
  }

  /** Ends jobs that wrote nothing. */
  async complete(ids: readonly string[]): Promise<void> {
    await this.#ask('complete', 'select rowhouse_queue.complete_jobs($1, $2::uuid[])', [this.#options.runner, ids])
  }

  /** What becomes of a job that failed: `retry`, `failed` for good, or `lost` to another runner. */
  async fail(id: string, error: string, retryInMs: number): Promise<string> {
    const text = "select rowhouse_queue.fail_job($1, $2, $3, $4 * interval '1 millisecond') as became"
    const [row] = await this.#ask('fail', text, [this.#options.runner, id, error, retryInMs])
    return String(row?.became)
  }

  /** Gives back what was not begun. */
  async giveBack(ids: readonly string[]): Promise<void> {
    await this.#ask('return', 'select rowhouse_queue.return_jobs($1, $2::uuid[])', [this.#options.runner, ids])
  }

  /** Jobs that this runner holds but for those it knows are there for others again; resolves with how many those were. */
  async recall(known: readonly string[]): Promise<number> {
    const [row] = await this.#ask('recall', 'select rowhouse_queue.recall_jobs($1, $2::uuid[]) as recalled', [
      this.#options.runner,
      known,
    ])
    return Number(row?.recalled)
  }

  /** Says that this runner lives. Resolves with the number of jobs that were taken from runners which do not. */
  async beat(silenceMs: number): Promise<number> {
    const text = "select rowhouse_queue.beat($1, $2 * interval '1 millisecond') as taken_over"
    const [row] = await this.#ask('beat', text, [this.#options.runner, silenceMs])
    return Number(row?.taken_over)
  }

  /** Shows how far a job is. */
  async tellProgress(id: string, progress: unknown): Promise<void> {
    const text = 'select rowhouse_queue.tell_progress($1, $2, $3::jsonb)'
    await this.#ask('progress', text, [this.#options.runner, id, JSON.stringify(progress ?? null)])
  }

  /** Adds the jobs of a tick, unless another runner has. */
  async addTick(task: string, at: Date, isForTenants: boolean, attempts: number): Promise<number> {
    const text = 'select rowhouse_queue.add_tick($1, $2::timestamptz, $3, $4::smallint) as added'
    const [row] = await this.#ask('tick', text, [task, at.toISOString(), isForTenants, attempts])
    return Number(row?.added)
  }

  /** How many failed jobs were deleted, `most` at most, that failed more days ago; null: somebody else sweeps. */
  async sweepFailedJobs(days: number, most: number): Promise<number | null> {
    const text = "select rowhouse_queue.sweep_failed_jobs($1 * interval '1 day', $2) as gone"
    const [row] = await this.#ask('sweep_failed', text, [days, most])
    return (row?.gone as number | null | undefined) ?? null
  }

  /** What was deleted of the tenants behind one, and how far that reached; null: somebody else sweeps. */
  async sweepTenants({ what, days, behind, most }: SweptTenants): Promise<SweptPage | null> {
    const text = "select rowhouse_private.sweep_tenants($1, $2 * interval '1 day', $3::uuid, $4) as page"
    const [row] = await this.#ask('sweep_tenants', text, [what, days, behind, most])
    return (row?.page as SweptPage | null | undefined) ?? null
  }

  /** Every role that a role is a member of, by name. */
  async membershipsOf(role: string): Promise<readonly string[]> {
    const text = `select r.rolname::text as name from pg_catalog.pg_roles r, pg_catalog.pg_roles m
      where m.rolname = $1 and pg_catalog.pg_has_role(m.oid, r.oid, 'member')`
    return (await this.#ask('memberships', text, [role])).map(({ name }) => String(name))
  }

  /** Connects, so that new jobs are heard of. */
  async listen(): Promise<void> {
    await this.#connected()
  }

  /** Says good-bye, so that nobody waits for this runner, and closes. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    const leave = 'select rowhouse_queue.leave($1)'
    await this.#ask('leave', leave, [this.#options.runner]).catch(() => undefined)
    this.#isClosed = true
    const client = await this.#client?.catch(() => null)
    await client?.end().catch(() => undefined)
  }

  async #ask(name: string, text: string, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]> {
    const client = await this.#connected()
    if (this.#options.isSessionKept)
      return (await client.query({ name: `rowhouse_jobs_${name}`, text, values: [...values] })).rows
    // One after the other on the wire; nobody comes in between.
    const sent = [
      client.query('begin'),
      client.query("select set_config('role', $1, true)", [this.#options.role]),
      client.query(text, [...values]),
      client.query('commit'),
    ] as const
    await Promise.allSettled(sent)
    const { rows } = await sent[2]
    // What is not kept has not happened.
    await sent[3]
    return rows as readonly Record<string, unknown>[]
  }

  #connected(): Promise<pg.Client> {
    if (this.#isClosed) return Promise.reject(new Error('The queue of jobs is closed.'))
    if (this.#client !== null) return this.#client
    const made: Promise<pg.Client> = this.#connect(() => this.#forget(made))
    this.#client = made
    made.catch(() => this.#forget(made))
    return made
  }

  async #connect(lost: () => void): Promise<pg.Client> {
    const { connectionString, onJobs } = this.#options
    const client = new pg.Client({ connectionString, pipeline: true } as never)
    client.on('error', lost)
    client.on('end', lost)
    client.on('notification', ({ payload }) => onJobs(payload === 'later' ? 'later' : 'now'))
    try {
      await client.connect()
      if (this.#options.isSessionKept) await this.#becomeRunner(client)
      return client
    } catch (error) {
      void client.end().catch(() => undefined)
      throw error
    }
  }

  async #becomeRunner(client: pg.Client): Promise<void> {
    // To listen takes no right; the role of runners may do nothing else.
    await client.query('listen rowhouse_jobs')
    const text = "select set_config('role', $1, false), set_config('search_path', '', false)"
    await client.query(text, [this.#options.role])
  }

  /** A connection that breaks says so twice, the second time when there may be another one. */
  #forget(made: Promise<pg.Client>): void {
    if (this.#client === made) this.#client = null
  }
}

function takenJob(row: Readonly<Record<string, unknown>>): TakenJob {
  return {
    id: row.id as string,
    task: row.task as string,
    tenantId: row.tenant_id as string | null,
    actorId: row.actor_id as string | null,
    asRole: row.as_role as string | null,
    claims: row.claims as Readonly<Record<string, string>>,
    input: row.input,
    attempt: row.attempts as number,
    attempts: row.max_attempts as number,
    createdAt: row.created_at as Date,
    turn: row.turn as string,
    isEdited: row.is_edited as boolean,
  }
}
