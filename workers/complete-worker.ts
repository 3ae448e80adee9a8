import { completeFields, type Field, kindOf, type Problems, readValue } from '#schema'
import { type Cron, readCron } from './cron.ts'
import type { WorkerCall } from './types/worker.ts'

/** A worker, read and checked. */
export interface CompleteWorker {
  /** `workers/send-reminder` */
  readonly name: string
  readonly fields: readonly Field[]
  /** Null: of who caused the job. */
  readonly service: string | null
  readonly attempts: number
  readonly backoffSeconds: number
  readonly timeoutSeconds: number
  readonly perTenant: number | null
  readonly cron: string | null
  readonly unique: ((input: unknown) => string) | null
  readonly run: (call: WorkerCall<unknown>) => unknown
}

/** What of the model a worker is checked against. */
export interface WorkerSurroundings {
  readonly roles: readonly string[]
  readonly problems: Problems
}

interface Given {
  readonly options: Readonly<Record<string, unknown>>
  readonly run: CompleteWorker['run']
}

interface NumberOption {
  readonly usual: number
  readonly from: number
  readonly to: number
  readonly isWhole: boolean
}

const numbers = {
  retries: { usual: 5, from: 0, to: 1000, isWhole: true },
  backoffSeconds: { usual: 10, from: 0, to: 3600, isWhole: false },
  timeoutSeconds: { usual: 60, from: 0.01, to: 86_400, isWhole: false },
  perTenant: { usual: 0, from: 1, to: 1000, isWhole: true },
} as const satisfies Readonly<Record<string, NumberOption>>

const known = new Set([...Object.keys(numbers), 'input', 'as', 'cron', 'unique'])

/** True for what `worker` gave back. */
export function isWorker(value: unknown): value is Given {
  return kindOf(value) === 'worker'
}

/** Reads a worker; what is wrong with it is reported at its file. */
export function completeWorker(name: string, given: unknown, { roles, problems }: WorkerSurroundings): CompleteWorker {
  const { options, run } = given as Given
  const at = { file: `${name}.ts`, line: 1, column: 1, endLine: 1, endColumn: 1 }
  const wrong = (message: string, hint: string) => problems.reportAt('WORKER_INVALID', at, message, hint)
  if (typeof run !== 'function')
    wrong(`"${name}" has no function.`, 'Write worker({}, async ({ db, input }) => { … }).')
  for (const option of Object.keys(options).filter((each) => !known.has(each)))
    wrong(`A worker has no option "${option}".`, `It has ${[...known].sort().join(', ')}.`)
  const number = (option: keyof typeof numbers): number => {
    const { usual, from, to, isWhole } = numbers[option]
    const value = options[option] ?? usual
    const isSound = typeof value === 'number' && (!isWhole || Number.isInteger(value)) && value <= to
    if (isSound && (value >= from || options[option] === undefined)) return value
    wrong(`"${option}" of "${name}" must be a ${isWhole ? 'whole ' : ''}number from ${from} to ${to}.`, 'Mend it.')
    return usual
  }
  const cron = options.cron === undefined ? null : typeof options.cron === 'string' ? options.cron : ''
  const clock: Cron | string | null = cron === null ? null : readCron(cron)
  if (typeof clock === 'string')
    wrong(`"cron" of "${name}": ${clock}`, "Write it as '0 6 * * *': minute, hour, day, month, weekday.")
  if (options.unique !== undefined && typeof options.unique !== 'function')
    wrong(`"unique" of "${name}" is no function.`, 'Write unique: ({ customer }) => customer, of its input.')
  const service = serviceOf(options.as)
  if (service === undefined || (service !== null && !roles.includes(service)))
    wrong(
      `"as" of "${name}" names no role of the app.`,
      "Write as: { service: 'accountant' } with a role of policies/roles.ts, or 'caller'.",
    )
  if (cron !== null && service === null)
    wrong(
      `"${name}" runs by the clock, which has no rights.`,
      "Say whose rights it has: as: { service: 'accountant' }.",
    )
  const fields = completeFields(Object.entries((options.input ?? {}) as object), 'Job', [name, 'input'], problems)
  if (cron !== null && fields.some(({ field }) => !field.optional))
    wrong(`"${name}" runs by the clock, which gives it no input.`, 'Make its fields optional.')
  return {
    ...{ name, run, cron, service: service ?? null, fields: fields.map(({ field }) => field) },
    ...{ attempts: number('retries') + 1, backoffSeconds: number('backoffSeconds') },
    ...{ timeoutSeconds: number('timeoutSeconds'), perTenant: number('perTenant') || null },
    unique: typeof options.unique === 'function' ? (options.unique as CompleteWorker['unique']) : null,
  }
}

/** Undefined: it is neither. */
function serviceOf(given: unknown): string | null | undefined {
  if (given === undefined || given === 'caller') return null
  const { service } = (given ?? {}) as { readonly service?: unknown }
  return typeof service === 'string' ? service : undefined
}

/** Input as the body gets it: every field is there, null where nothing was given. Or what is wrong with it, in words. */
export function readInput(fields: readonly Field[], given: unknown): Readonly<Record<string, unknown>> | string {
  const values = (given ?? {}) as Readonly<Record<string, unknown>>
  if (typeof values !== 'object' || Array.isArray(values)) return 'The input is no object.'
  const stranger = Object.keys(values).find((name) => !fields.some((field) => field.name === name))
  if (stranger !== undefined) return `There is no input "${stranger}".`
  const read: Record<string, unknown> = {}
  for (const { name, type, optional } of fields) {
    const value = values[name] ?? null
    if (value === null && !optional) return `"${name}" is missing.`
    const found = value === null ? null : readValue(type, value)
    if (found?.ok === false) return `"${[name, ...found.at].join('.')}" ${found.fault}.`
    read[name] = found === null ? null : found.value
  }
  return read
}
