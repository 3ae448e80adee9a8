import type { PlatformRoles } from '#migrations'
import type { Model } from '#schema'
import { openScriptPool } from '#scripts'
import { settingNames } from '../auth/request-identity.ts'
import { loadBodies } from '../bodies/load-bodies.ts'
import type { LimitSettings } from '../config/limits.ts'
import type { ScriptSettings } from '../config/read-scripts.ts'
import { scriptLineText } from '../http/log-event.ts'
import { RequestPool } from '../postgres/pool.ts'
import type { SecretKeys } from '../secrets/secret-keys.ts'
import { compilePublished } from '../tenant-scripts/publishable-scripts.ts'
import { RunRecorder } from '../tenant-scripts/run-recorder.ts'
import type { TenantScripts } from '../tenant-scripts/run-tenant-script.ts'
import { TenantVersions } from '../tenant-scripts/tenant-versions.ts'
import { type JobEvent, JobRunner, type JobRunnerOptions } from './job-runner.ts'
import type { Work } from './load-work.ts'

/** What runs the jobs of an app. */
export interface AppRunnerOptions {
  readonly model: Model
  readonly work: Work
  /** Of the app, whose hooks run beside what jobs write; none run when left out. */
  readonly appFolder?: string
  readonly names: PlatformRoles
  /** Of the login of the server. */
  readonly databaseUrl: string
  readonly isSessionKept?: boolean
  /** Jobs at once, and connections; 10 when left out. */
  readonly concurrency?: number
  readonly secretKeys?: SecretKeys | null
  readonly limits?: LimitSettings
  /** What scripts may reach beside rows; nothing when left out. */
  readonly scriptSettings?: ScriptSettings
  readonly log?: (event: JobEvent) => void
  readonly onBegin?: JobRunnerOptions['onBegin']
  readonly say?: (line: string) => void
  readonly beatMs?: number
}

/** Something that runs jobs. */
export interface AppRunner {
  readonly runner: JobRunner
  /** Lets running jobs finish for a while, gives back the others. */
  close(): Promise<void>
}

/** Runs the jobs of an app, as they come. */
export async function startAppRunner(options: AppRunnerOptions): Promise<AppRunner> {
  const { model, work, names, databaseUrl, isSessionKept = true, concurrency = 10 } = options
  const longest = Math.max(60, ...[...work.values()].map(({ timeoutSeconds }) => timeoutSeconds))
  const pool = new RequestPool({
    connectionString: databaseUrl,
    max: concurrency,
    // A body may be elsewhere in the middle of its transaction.
    statementTimeoutMs: (longest + 5) * 1000,
    isSessionKept,
    settingNames: settingNames(model),
  })
  const code = await loadBodies(model, { folder: options.appFolder ?? null })
  const scriptPool = openScriptPool({
    ...options.scriptSettings?.pool,
    onLine: (line) => options.say?.(scriptLineText(line)),
  })
  const tenantScripts = tenantScriptsOf(options, pool)
  // The API is heavy, and commands that run no jobs do without.
  const { JobBodies } = await import('./run-job.ts')
  const bodies = new JobBodies({ ...options, pool, code, scriptPool, tenantScripts })
  const isForTenants = model.entities.some(({ tenancy }) => tenancy !== 'none')
  const runner = new JobRunner({
    connectionString: databaseUrl,
    role: names.jobs,
    isSessionKept,
    concurrency,
    tasks: [...work.values()].map((each) => ({ ...each, isForTenants })),
    work: (job, signal, by) => bodies.run(job, signal, by),
    ...(options.onBegin === undefined ? {} : { onBegin: options.onBegin }),
    ...(options.log === undefined ? {} : { log: options.log }),
    ...(options.beatMs === undefined ? {} : { beatMs: options.beatMs }),
  })
  const close = async (): Promise<void> => {
    await runner.stop()
    await scriptPool.close()
    await tenantScripts?.recorder.idle()
    await pool.close()
  }
  if (code.scripts.size > 0) scriptPool.warm()
  try {
    await runner.start()
  } catch (error) {
    await close()
    throw error
  }
  return { runner, close }
}

/** Null: no role publishes. */
function tenantScriptsOf({ model, say }: AppRunnerOptions, pool: RequestPool): TenantScripts | null {
  if (!model.roles.some(({ publishesScripts }) => publishesScripts === true)) return null
  const recorder = new RunRecorder(pool, (error) => say?.(`A run of a script could not be kept: ${String(error)}`))
  return { versions: new TenantVersions(compilePublished), recorder }
}
