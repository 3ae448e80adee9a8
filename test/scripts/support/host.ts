import type { Row, RowId, Rows } from '../../../base/index.ts'
import { type CompiledScript, compileScript, type ScriptCall, type ScriptHost } from '../../../scripts/index.ts'

/** A script of a text, which has to be one. */
export function scriptOf(text: string, name = 'scripts/test'): CompiledScript {
  const { script, problems } = compileScript(name, text)
  if (script === null) throw new Error(problems.map(({ code, message }) => `${code}: ${message}`).join('\n'))
  return script
}

/** A script whose body is this: it has every word. */
export function bodyOf(body: string): CompiledScript {
  const words = 'db, http, input, row, actor, now, log, validate, raise, secret'
  return scriptOf(`export default async ({ ${words} }: any) => { ${body}\n}`)
}

/** Rows of one tenant in memory, which notes what it is asked. */
export function rowsOf(rows: readonly Row[] = [{ id: '1', number: 'A-1' }]): Rows & { readonly asked: string[] } {
  const asked: string[] = []
  const note = (word: string, entity: string) => void asked.push(`${word} ${entity}`)
  const one = (id: RowId) => rows.find((row) => row.id === id) ?? null
  return {
    asked,
    async find(entity, query) {
      note('find', entity)
      return rows.slice(0, query?.first)
    },
    async get(entity, id) {
      note('get', entity)
      return one(id)
    },
    async create(entity, values) {
      note('create', entity)
      return { id: '2', ...values }
    },
    async update(entity, id, values) {
      note('update', entity)
      return { ...one(id)!, ...values }
    },
    async remove(entity) {
      note('remove', entity)
    },
    async restore(entity, id) {
      note('restore', entity)
      return one(id)
    },
    async delete(entity) {
      note('delete', entity)
    },
    async act(entity, verb) {
      note(typeof verb === 'string' ? verb : 'act', entity)
      return { done: true }
    },
  }
}

/** A call of tenant `a`, with what is usual. */
export function callOf(
  more: Partial<Omit<ScriptCall, 'host'>> & { readonly host?: Partial<ScriptHost> } = {},
): ScriptCall {
  const { host, ...others } = more
  return { tenant: 'a', now: new Date('2026-03-31T12:00:00Z'), ...others, host: { db: rowsOf(), ...host } }
}
