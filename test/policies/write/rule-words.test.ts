import { expect, test } from 'vitest'
import { loadModel, modelJson, printApp, readModelJson } from '#policies'
import { modelOf, withApp } from '../../schema/written-app.ts'

const schema = `export const User = entity('User', { tenant: false, fields: { name: string(), rank: int({ default: 1 }) }, relations: { notes: many('Note', { by: 'author' }) } })
export const Note = entity('Note', { fields: { text: string() }, relations: { author: one('User'), editor: one('User'), before: one('Note', { optional: true, onDelete: 'setNull' }) } })`

const rulesOf: Readonly<Record<string, string>> = {
  'everyone except one or several': `'a': { allow: everyoneExcept('sales'), to: 'read' },
  'b': { deny: everyoneExcept('admin', 'sales'), to: 'read', where: { text: 'x' } }`,
  'what a rule gives': `'a': { allow: 'sales', to: 'create', where: { text: 'x' }, sets: { text: 'x', author: actor.id, before: null } },
  'b': { allow: 'sales', to: 'update', except: ['text'], sets: { editor: actor.id } }`,
  'values of the caller': `'a': { allow: 'sales', to: 'read', where: { id: { in: actor.chosen }, author: { rank: actor.rank }, editor: actor.far, before: actor.mine } }`,
}

test.each(Object.entries(rulesOf))(
  '%s: read as JSON, and written as TypeScript, it is the same',
  async (_title, rules) => {
    const model = await modelOf({
      'schema/all.entity.ts': schema,
      'policies/all.ts': `import { Note, User } from '../schema/all.entity.ts'
const { own, reach } = words(User)
export const roles = defineRoles({ admin: 'A.', sales: 'S.' })
export const actor = defineActor(User, {
  rank: own('rank'), chosen: reach('Note', { via: 'Note', as: 'author', to: 'before' }), mine: reach('Note', { via: 'Note', as: 'before.before.author', to: 'id' }),
  far: reach('User', { via: 'Note', as: 'author', to: 'before.editor' }), only: reach('Note', { via: 'Note', as: 'author' }),
})
export const P0 = policy(User, { all: { allow: signedIn, to: 'read' } })
export const P1 = policy(Note, { ${rules} })`,
    })
    const text = modelJson(model)
    expect(modelJson(readModelJson(text).model)).toBe(text)
    const again = await withApp(printApp(model), async (folder) => (await loadModel(folder, { app: model.app })).model)
    expect(JSON.parse(modelJson(again))).toEqual(JSON.parse(text))
  },
)
