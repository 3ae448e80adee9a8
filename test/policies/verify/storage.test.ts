import { testMistakes } from '../../schema/mistakes.ts'
import type { AppFiles } from '../../schema/written-app.ts'

function appOf(source: string): AppFiles {
  const [schema = '', rules = ''] = source.split('---')
  return {
    'schema/all.entity.ts': schema,
    'policies/all.ts': `import { Thing } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.' })
${rules}`,
  }
}

testMistakes('rows without the usual fields', appOf, [
  [
    'are not removed',
    [
      ['RULE_REMOVE_IMPOSSIBLE', "'remove'"],
      ['RULE_REMOVE_IMPOSSIBLE', "'restore'"],
      ['POLICY_PATH_UNKNOWN', 'deletedAt'],
    ],
    `export const Thing = entity('Thing', { builtIns: false, fields: { name: string() } })
---
export const ThingPolicy = policy(Thing, {
  'all': { allow: 'admin', to: anything },
  'a': { allow: 'admin', to: ['read', 'remove'] },
  'b': { allow: 'admin', to: 'restore' },
  'c': { allow: 'admin', to: 'read', where: { deletedAt: null } },
})`,
  ],
  [
    'are no callers without a uuid',
    [['ACTOR_ID_INVALID', 'Thing']],
    `export const Thing = entity('Thing', { id: 'int64', tenant: false, fields: { name: string() } })
---
export const actor = defineActor(Thing, {})
export const ThingPolicy = policy(Thing, { 'all': { allow: 'admin', to: anything } })`,
  ],
  [
    'are compared with what their key is',
    [
      ['CONDITION_VALUE_INVALID', '[7, 1.5]'],
      ['CONDITION_VALUE_INVALID', "'00000000-0000-7000-8000-00000000000a'"],
    ],
    `export const Thing = entity('Thing', { id: 'int32', fields: { name: string() }, relations: { parent: one('Thing', { optional: true }) } })
---
export const ThingPolicy = policy(Thing, {
  'a': { allow: 'admin', to: 'read', where: { id: 7 } },
  'b': { allow: 'admin', to: 'read', where: { id: { in: [7, 1.5] } } },
  'c': { allow: 'admin', to: 'read', where: { parent: '00000000-0000-7000-8000-00000000000a' } },
})`,
  ],
])
