import { expect, test } from 'vitest'
import { ModelError, modelErrors } from '#base'
import { loadModel, modelJson } from '#policies'
import { type AppFiles, withApp } from './written-app.ts'

/** What an author, or whoever talks an author into pasting something, may write as a name or a value. */
const hostile = [
  '__proto__',
  'constructor',
  'toString',
  'then',
  '"; drop table x; --',
  "'; drop table x; --",
  ':OWNER',
  '":OWNER"',
  'line\nbreak\r\n--! Message',
  'größe 😀 \u202e\u2028',
  '\u0001\u001b[2J',
  '$' + '{process.exit(1)}',
  '*/ process.exit(1) /*',
  'a'.repeat(200),
  'A'.repeat(200),
  '../../etc/passwd',
  'tenantId',
  'Query',
  '',
  ' ',
  'nul\0nul',
  '\ud800',
]

/** An app with a hole for text, by the position of the hole. `NAME` is where it goes, quoted. */
const positions: Readonly<Record<string, Partial<Parts>>> = {
  'name of an entity': { entity: 'NAME' },
  plural: { extra: 'plural: NAME' },
  'note of an entity': { extra: 'note: NAME' },
  display: { extra: 'display: NAME' },
  'name of a field': { fields: 'NAME: string()' },
  'note of a field': { fields: 'a: string({ note: NAME })' },
  'default of a field': { fields: 'a: string({ default: NAME })' },
  'pattern of a field': { fields: 'a: string({ matches: NAME })' },
  'currency of a field': { fields: 'a: money({ currency: NAME })' },
  'holder of a currency': { fields: 'a: money({ in: NAME })' },
  'option of a field': { fields: 'a: string({ NAME: 1 })' },
  'value of a choice': { fields: 'a: choice([NAME])' },
  'value of a choice with a label': { fields: "a: choice({ NAME: 'x' })" },
  'label of a value': { fields: 'a: choice({ x: NAME })' },
  'colour of a value': { fields: 'a: choice({ x: { color: NAME } })' },
  'name of a choice type': { fields: "a: choice(choiceType(NAME, ['x']))" },
  'name of a relation': { relations: "NAME: one('Other')" },
  'target of a relation': { relations: 'a: one(NAME)' },
  'way of a relation': { relations: "a: many('Other', { by: NAME })" },
  'entity in between': { relations: "a: many('Other', { through: NAME })" },
  'column of a unique': { extra: 'unique: [[NAME]]' },
  'column of an index': { extra: 'indexes: [{ on: [NAME] }]' },
  'value in an index': { fields: 'a: string()', extra: "indexes: [{ on: ['a'], where: { a: NAME } }]" },
  'name of a state': { extra: 'lifecycle: { initial: NAME, states: [NAME], transitions: {} }' },
  'name of a transition': {
    extra: "lifecycle: { initial: 'a', states: ['a'], transitions: { NAME: { from: 'a', to: 'a' } } }",
  },
  'name of an action': { extra: "actions: { NAME: { runs: 'scripts/a' } }" },
  'what an action runs': { extra: 'actions: { a: { runs: NAME } }' },
  'input of an action': { extra: "actions: { a: { runs: 'scripts/a', input: { NAME: string() } } }" },
  'name of a role': { roles: "NAME: 'x'" },
  'note of a role': { roles: 'a: NAME' },
  'included role': { roles: "a: { note: 'x', includes: [NAME] }" },
  'name of a claim': { actor: 'NAME: words(Other).claim(string())' },
  'link of a reach': { actor: "a: words(Other).reach('Other', { via: NAME, as: 'x' })" },
  'title of a rule': { rules: "NAME: { allow: 'admin', to: 'update' }" },
  'reason of a rule': { rules: "b: { allow: 'admin', to: 'update', because: NAME }" },
  'role of a rule': { rules: "b: { allow: NAME, to: 'update' }" },
  'verb of a rule': { rules: "b: { allow: 'admin', to: NAME }" },
  'field of a rule': { rules: "b: { allow: 'admin', to: 'update', only: [NAME] }" },
  'key of a rule': { rules: "b: { allow: 'admin', to: 'update', NAME: 1 }" },
  'key of a condition': { rules: "b: { allow: 'admin', to: 'update', where: { NAME: 1 } }" },
  'value of a condition': { fields: 'a: string()', rules: "b: { allow: 'admin', to: 'update', where: { a: NAME } }" },
  'value in a list': {
    fields: 'a: string()',
    rules: "b: { allow: 'admin', to: 'update', where: { a: { in: [NAME] } } }",
  },
  'comparison of a condition': {
    fields: 'a: string()',
    rules: "b: { allow: 'admin', to: 'update', where: { a: { NAME: 'x' } } }",
  },
}

interface Parts {
  readonly entity: string
  readonly extra: string
  readonly fields: string
  readonly relations: string
  readonly roles: string
  readonly actor: string
  readonly rules: string
}

function appWith(parts: Partial<Parts>, text: string): AppFiles {
  const hole = (part: string | undefined) => (part ?? '').replaceAll('NAME', () => JSON.stringify(text))
  return {
    'schema/all.entity.ts': `import { choice, choiceType, entity, many, money, one, string } from 'rowhouse/schema'
export const Other = entity('Other', { fields: { name: string() } })
export const Target = entity(${hole(parts.entity ?? '"Target"')}, {
  fields: { ${hole(parts.fields)} }, relations: { ${hole(parts.relations)} }, ${hole(parts.extra)}
})`,
    'policies/all.ts': `import { anything, defineActor, defineRoles, policy, words } from 'rowhouse/policies'
import { string } from 'rowhouse/schema'
import { Other, Target } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'x', ${hole(parts.roles)} })
export const actor = defineActor(Other, { ${hole(parts.actor)} })
export const OtherPolicy = policy(Other, { all: { allow: 'admin', to: anything } })
export const TargetPolicy = policy(Target, { all: { allow: 'admin', to: anything }, ${hole(parts.rules)} })`,
  }
}

/** Every text inside of a JSON value, keys left out: a model has no keys of the author's. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

const safeName = /^[A-Za-z][A-Za-z0-9]*$/

test.each(Object.entries(positions))(
  'a hostile %s is refused with a code, or carried as it is',
  async (_position, parts) => {
    const outcomes: string[] = []
    for (const text of hostile) {
      const outcome = await withApp(appWith(parts, text), async (folder) => {
        try {
          const { model } = await loadModel(folder)
          // Carried verbatim, and nowhere but in values.
          expect(textsIn(JSON.parse(modelJson(model)))).toContain(text)
          return 'carried'
        } catch (error) {
          if (!(error instanceof ModelError)) throw error
          for (const { code, message } of error.problems) {
            expect(Object.keys(modelErrors)).toContain(code)
            expect(message).not.toBe('')
          }
          return 'refused'
        }
      })
      outcomes.push(outcome)
      // Names that become identifiers are harmless as they are.
      const isName = ['entity', 'fields', 'relations'].some((part) => parts[part as keyof Parts]?.startsWith('NAME'))
      if (isName && outcome === 'carried') expect(text).toMatch(safeName)
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(outcomes).toContain('refused')
  },
)

test('texts for people hold anything that Postgres can', async () => {
  const text = `"; drop table x; --\n:OWNER 'é' 😀 \u202e ${'x'.repeat(5000)}`
  for (const position of ['note of an entity', 'label of a value', 'title of a rule', 'value of a condition']) {
    await withApp(appWith(positions[position]!, text), async (folder) => {
      const { model } = await loadModel(folder)
      expect(textsIn(model)).toContain(text)
    })
  }
})
