import { type Json, RequestError, type RowId, type RowQuery, type Rows } from '#base'
import { sendHttp } from '../http/send-http.ts'
import type { ScriptLimits } from '../limits.ts'
import { type CallContext, type CallCount, LimitPassed } from './call-context.ts'

/** One question of a script. */
export interface HostCall {
  readonly method: string
  readonly values: readonly Json[]
}

/**
 * Answers one question of a script. What it says is not trusted to have any form.
 *
 * @throws RequestError VALIDATION, or what the host throws
 * @throws LimitPassed
 */
export async function answerCall({ method, values }: HostCall, context: CallContext): Promise<unknown> {
  const { host } = context
  const words = wordsOf(method, values)
  switch (method) {
    case 'find':
      return findRows(words, context)
    case 'validate':
      if (host.validate === undefined) throw refused('Nothing can be validated here.')
      return host.validate(words.text(0), words.object(1))
    case 'http':
      return sendHttp({ method: words.text(0), url: words.text(1), options: words.optional(2) ?? {} }, context)
    default:
      return answerRow(method, words, context)
  }
}

async function findRows(words: Words, { host, limits, count }: CallContext): Promise<unknown> {
  const query = (words.optional(1) ?? {}) as RowQuery
  const first: unknown = query.first ?? usualFirst
  if (typeof first !== 'number' || !Number.isInteger(first) || first < 0)
    throw refused('"first" is how many rows at most.')
  // One more than is left tells whether there are more; to be given fewer without a word would be worse than to end.
  const most = Math.min(first, mostAtOnce, limits.rows - count.rows + 1)
  const rows = await host.db.find(words.text(0), { ...query, first: most })
  countRows(rows.length, limits, count)
  return rows
}

async function answerRow(method: string, words: Words, { host, limits, count }: CallContext): Promise<unknown> {
  if (!isRowMethod(method)) throw refused(`There is no "${method}".`)
  countRows(1, limits, count)
  return rowMethods[method](host.db, words)
}

const rowMethods = {
  get: (db: Rows, words: Words) => db.get(words.text(0), words.id(1)),
  create: (db: Rows, words: Words) => db.create(words.text(0), words.object(1)),
  update: (db: Rows, words: Words) => db.update(words.text(0), words.id(1), words.object(2)),
  remove: (db: Rows, words: Words) => db.remove(words.text(0), words.id(1)),
  restore: (db: Rows, words: Words) => db.restore(words.text(0), words.id(1)),
  delete: (db: Rows, words: Words) => db.delete(words.text(0), words.id(1)),
  act: (db: Rows, words: Words) =>
    words.isText(1)
      ? db.act(words.text(0), words.text(1), words.id(2), words.optional(3))
      : db.act(words.text(0), words.optional(1)),
} as const

function isRowMethod(method: string): method is keyof typeof rowMethods {
  return Object.hasOwn(rowMethods, method)
}

interface Words {
  isText(at: number): boolean
  text(at: number): string
  object(at: number): object
  optional(at: number): object | undefined
  id(at: number): RowId
}

function wordsOf(method: string, values: readonly Json[]): Words {
  const object = (at: number): object => {
    const value = values[at]
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    throw refused(`"${method}" takes an object as its ${places[at]} value.`)
  }
  return {
    object,
    isText: (at) => typeof values[at] === 'string',
    text(at) {
      const value = values[at]
      if (typeof value === 'string') return value
      throw refused(`"${method}" takes a text as its ${places[at]} value.`)
    },
    id: (at) => (typeof values[at] === 'string' ? values[at] : (object(at) as Exclude<RowId, string>)),
    optional: (at) => (values[at] === undefined || values[at] === null ? undefined : object(at)),
  }
}

const places = ['first', 'second', 'third', 'fourth'] as const
const usualFirst = 100
/** As pages of the API: a longer list is asked for by `after`. */
const mostAtOnce = 1_000

function countRows(rows: number, limits: ScriptLimits, count: CallCount): void {
  count.rows += rows
  if (count.rows > limits.rows) throw tooManyRows(limits)
}

function tooManyRows(limits: ScriptLimits): LimitPassed {
  return new LimitPassed('rows', `The script reads and writes more than ${limits.rows} rows.`)
}

function refused(message: string): RequestError {
  return new RequestError('VALIDATION', message)
}
