import { snakeCase } from '#base'
import { type PlatformRoles, roleSetName } from '#migrations'
import { heldRoles } from '#policies'
import type { Model } from '#schema'
import type { ScriptPool } from '#scripts'
import type { CompleteWorker, WorkerCall } from '#workers'
import { type Bodies, noBodies } from '../bodies/load-bodies.ts'
import { defaultLimits, type LimitSettings } from '../config/limits.ts'
import type { ScriptSettings } from '../config/read-scripts.ts'
import { createGraphqlSchema, type GraphqlApi } from '../graphql/create-graphql-schema.ts'
import { hiddenEntities } from '../graphql/hidden-entities.ts'
import { callerContext } from '../http/caller-context.ts'
import { ConstraintFields } from '../http/constraint-fields.ts'
import { callerLimits } from '../http/limits/caller-limits.ts'
import { createMaskError, type MaskError } from '../http/mask-error.ts'
import type { RequestPool } from '../postgres/pool.ts'
import type { RequestClient, RequestSettings } from '../postgres/with-pg-client.ts'
import { openRows } from '../rows/open-rows.ts'
import type { SecretKeys } from '../secrets/secret-keys.ts'
import type { TenantScripts } from '../tenant-scripts/run-tenant-script.ts'
import { enqueueWork } from './enqueue-work.ts'
import type { TakenJob } from './job-queue.ts'
import type { JobRunner } from './job-runner.ts'
import { JobTransaction } from './job-transaction.ts'
import { inputOf, type Work } from './load-work.ts'

/** With what jobs are run. */
export interface JobsOf {
  readonly model: Model
  readonly work: Work
  readonly names: PlatformRoles
  readonly pool: RequestPool
  readonly secretKeys?: SecretKeys | null
  readonly limits?: LimitSettings
  /** Hooks that run beside what jobs write; none when left out. */
  readonly code?: Bodies
  readonly scriptPool?: ScriptPool
  /** What scripts may reach beside rows; nothing when left out. */
  readonly scriptSettings?: ScriptSettings
  /** What tenants published; none when left out. */
  readonly tenantScripts?: TenantScripts | null
  /** Takes what bodies log, line by line. */
  readonly say?: (line: string) => void
}

/** Runs jobs of an app, each in one transaction of who caused it, which ends the job as well. */
export class JobBodies {
  readonly #of: JobsOf
  readonly #mask: MaskError
  readonly #roles = new Map<string, readonly string[]>()
  #api: GraphqlApi | null = null

  constructor(of: JobsOf) {
    this.#of = of
    this.#mask = createMaskError(new ConstraintFields(of.model), () => undefined)
  }

  /** Resolves with `settled` where it wrote something, which ended the job; with `done` where it did not. */
  async run(job: TakenJob, signal: AbortSignal, runner: JobRunner): Promise<'settled' | 'done'> {
    const worker = this.#of.work.get(job.task)
    if (worker === undefined) throw new Error(`There is no "${job.task}.ts".`)
    const input = inputOf(worker, job.input)
    await this.#refuseEditor(job, worker, runner)
    const roles = this.#knownRoles(job, worker) ?? (await this.#rolesOf(job, runner))
    const settings = this.#settings(job, worker)
    const opened = new JobTransaction(
      () => this.#of.pool.begin(settings, { access: 'write', isWaiting: true, signal }),
      {
        settings,
        openRows: (client) => openRows(client, this.#caller(settings, roles, worker.timeoutSeconds)),
      },
    )
    try {
      await worker.run(this.#call({ job, input, roles, signal, runner, settings }, opened))
      await opened.rows?.close()
      if (!opened.isUsed) return 'done'
      await this.#settle(opened.client, job, runner)
      await opened.end(true)
      return 'settled'
    } catch (error) {
      await opened.rows?.close().catch(() => undefined)
      await opened.end(false)
      throw error
    }
  }

  /** Whoever says what is done as a service has its role: Postgres does not know which worker is one. */
  async #refuseEditor(job: TakenJob, { service, name }: CompleteWorker, runner: JobRunner): Promise<void> {
    if (!job.isEdited || service === null) return
    const held = heldRoles(this.#of.model, await this.#rolesOf(job, runner))
    if (!held.has(service)) throw new Error(`Who edited the input of "${name}" has not the role "${service}".`)
  }

  #call({ job, input, roles, signal, runner, settings }: RunningBody, opened: JobTransaction): WorkerCall<unknown> {
    const { work, say } = this.#of
    const { id, task, attempt, attempts, createdAt, isEdited } = job
    return {
      get db() {
        return opened.openedRows
      },
      input,
      signal,
      now: new Date(),
      actor: {
        id: settings['rowhouse.actor_id'] || null,
        tenant: settings['rowhouse.tenant_id'] || null,
        roles,
      },
      job: { id, task, attempt, attempts, createdAt },
      jobs: {
        add: (name, given, options) =>
          enqueueWork(opened.client, work, { ...options, task: name, input: given, isEdited }),
      },
      log: (line) => say?.(`${task} ${id}  ${line}`),
      progress: (done) => runner.queue.tellProgress(id, done),
    }
  }

  /** In the transaction of what was written. Where another runner has the job, nothing of it is kept. */
  async #settle(client: RequestClient, job: TakenJob, runner: JobRunner): Promise<void> {
    const become = client.query({
      ...{ name: 'rowhouse_become_jobs', text: "select set_config('role', $1, true)", values: [this.#of.names.jobs] },
    })
    become.catch(() => undefined)
    const text = 'select rowhouse_queue.settle_job($1, $2)'
    await client.query({ name: 'rowhouse_settle_job', text, values: [runner.id, job.id] })
  }

  #caller(pgSettings: RequestSettings, roles: readonly string[], timeoutSeconds: number) {
    const { model, pool, secretKeys = null, limits = defaultLimits } = this.#of
    this.#api ??= createGraphqlSchema(model)
    const api = this.#api
    const asking = { pgSettings, roles, hidden: hiddenEntities(model, roles), trusted: null }
    const caller = { ...asking, limits: callerLimits(model, limits)(roles) }
    const answering = {
      model,
      pool,
      secretKeys,
      limits,
      api,
      maskError: this.#mask,
      bodies: this.#of.code ?? noBodies,
      scriptPool: this.#of.scriptPool ?? null,
      ...(this.#of.scriptSettings === undefined ? {} : { scriptSettings: this.#of.scriptSettings }),
      tenantScripts: this.#of.tenantScripts ?? null,
      // Hooks beside what a job writes have its time.
      codeTimeoutMs: timeoutSeconds * 1000,
    }
    const context = { ...callerContext(caller, answering), transaction: {} }
    return { api, model, context, tell: this.#mask }
  }

  /** What the cause had, but for its request; of the clock and of service roles, the role in the tenant. */
  #settings({ tenantId, actorId, asRole, claims }: TakenJob, { service, name }: CompleteWorker): RequestSettings {
    const { model, names } = this.#of
    const role = service === null ? asRole : roleSetName(names.prefix, [service])
    if (role === null) throw new Error(`Nobody caused this job of "${name}", and it names no service role.`)
    const declared = (model.actor?.values ?? []).filter(({ kind }) => kind === 'claim')
    return {
      role,
      'rowhouse.tenant_id': tenantId ?? '',
      'rowhouse.actor_id': service === null ? (actorId ?? '') : '',
      ...Object.fromEntries(
        declared.map((value) => {
          const claim = snakeCase(value.name)
          return [`rowhouse.claim_${claim}`, service === null ? (claims[claim] ?? '') : '']
        }),
      ),
    }
  }

  #knownRoles({ asRole }: TakenJob, { service }: CompleteWorker): readonly string[] | undefined {
    return service === null ? this.#roles.get(asRole ?? '') : [service]
  }

  async #rolesOf({ asRole }: TakenJob, runner: JobRunner): Promise<readonly string[]> {
    const held = new Set(asRole === null ? [] : await runner.queue.membershipsOf(asRole))
    const roles = this.#of.model.roles
      .map(({ name }) => name)
      .filter((name) => held.has(`${this.#of.names.prefix}_${snakeCase(name)}`))
    this.#roles.set(asRole ?? '', roles)
    return roles
  }
}

interface RunningBody {
  readonly job: TakenJob
  readonly input: unknown
  readonly roles: readonly string[]
  readonly signal: AbortSignal
  readonly runner: JobRunner
  readonly settings: RequestSettings
}
