import { type ScriptContext, script } from 'rowhouse/scripts'

/** Types of a script follow from the entity and the action. */
export default script<'Order', 'copy'>(async ({ db, row, input, now, actor, http, secret, raise }) => {
  const status: string = row.status
  const made: string = row.createdAt
  // @ts-expect-error "statsu" is no field.
  row.statsu
  // @ts-expect-error The row is read.
  row.status = 'draft'
  // @ts-expect-error "Ordre" is no entity.
  await db.find('Ordre')
  const [first] = await db.find('Order', { first: 1 })
  const other: string | undefined = first?.status
  const answer = await http.get('https://api.example', { headers: { authorization: ['Bearer ', secret('carrier')] } })
  // @ts-expect-error A secret is no text.
  const text: string = secret('carrier')
  // @ts-expect-error "body" is no part of a request.
  await http.post('https://api.example', { body: 'x' })
  if (actor === null) return raise('nobody', 'Nobody asks.')
  return { status, made, other, now, text, roles: actor.roles, answer: answer.json(), input }
})

// @ts-expect-error "cpoy" is no action.
export const wrong = script<'Order', 'cpoy'>(async () => null)

export const loose = script(async ({ row, input }) => [row, input])

export type Loose = ScriptContext
