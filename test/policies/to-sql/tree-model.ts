import type { Condition, Model, Rule } from '#schema'
import * as m from '../../support/model.ts'

/** A model of trees in which each condition is the one rule of a role of its own on the entity: `r0`, `r1`, … Who has `clerk` reads all. */
export function treeModel(
  onFolder: readonly Condition[],
  onPaper: readonly Condition[],
  onSlip: readonly Condition[] = [],
): Model {
  const roles = [...onFolder, ...onPaper, ...onSlip].map((_, at) => `r${at}`)
  const ruleOf = (where: Condition, at: number): Rule =>
    m.allow(`rule ${at}`, `r${at}`, ['read', 'create', 'update'], { where })
  const clerk = m.allow('a clerk reads all', 'clerk', ['read'])
  const lists = (entity: string) =>
    ({
      ancestors: { kind: 'lineage', to: entity, by: 'parent', way: 'up' },
      descendants: { kind: 'lineage', to: entity, by: 'parent', way: 'down' },
    }) as const
  return m.makeModel({
    entities: {
      Region: {
        tenant: false,
        tree: 'parent',
        relations: { parent: m.one('Region', { optional: true }) },
        lists: lists('Region'),
      },
      User: { tenant: false, relations: { region: m.one('Region', { optional: true }) } },
      Folder: {
        tree: 'parent',
        fields: { size: m.optional(m.int()), limit: m.optional(m.int()) },
        relations: {
          parent: m.one('Folder', { optional: true, onRemove: 'keep' }),
          owner: m.one('User', { optional: true }),
          region: m.one('Region', { optional: true }),
        },
        lists: { ...lists('Folder'), papers: { kind: 'many', to: 'Paper', by: 'folder' } },
      },
      Paper: {
        fields: { pages: m.int() },
        relations: { folder: m.one('Folder', { optional: true, onRemove: 'keep' }) },
      },
      // Its folder cannot be removed before it.
      Slip: {
        fields: { pages: m.int() },
        relations: { folder: m.one('Folder'), other: m.one('Folder', { optional: true, onRemove: 'restrict' }) },
      },
      Member: {
        fields: { isChief: m.plain('boolean') },
        relations: { folder: m.one('Folder', { onRemove: 'keep' }), user: m.one('User') },
      },
    },
    roles: { ...Object.fromEntries(roles.map((role) => [role, []])), clerk: [] },
    actor: {
      entity: 'User',
      values: [
        m.reach('folders', { to: 'Folder', via: 'Member', as: 'user', toward: 'folder' }),
        m.reach('above', { to: 'Folder', via: 'Member', as: 'user', toward: 'folder', then: 'ancestors' }),
        m.reach('below', {
          to: 'Folder',
          via: 'Member',
          as: 'user',
          toward: 'folder',
          where: m.compare('isChief', 'is', true),
          then: 'descendants',
        }),
        { kind: 'own', name: 'home', field: 'region' },
        m.claim('root', m.plain('uuid')),
      ],
    },
    policies: {
      Folder: [...onFolder.map(ruleOf), clerk],
      Paper: [...onPaper.map((where, at) => ruleOf(where, onFolder.length + at)), clerk],
      Slip: [...onSlip.map((where, at) => ruleOf(where, onFolder.length + onPaper.length + at)), clerk],
      Region: [m.allow('all see regions', 'signedIn', ['read'])],
      User: [m.allow('all see people', 'signedIn', ['read'])],
    },
  })
}

/** Ids of rows: a number each. */
export function id(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
}

/** Two tenants. */
export const here = id(1)
export const there = id(2)
