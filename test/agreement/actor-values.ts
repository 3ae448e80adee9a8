import type { ActorValue } from '#schema'
import * as m from '../support/model.ts'
import type { Feature } from './features.ts'
import type { Random } from './random.ts'

/** Claims of several kinds, values of the caller's own row, and sets that it reaches: over one row, over ways, up and down the tree. */
export function actorValuesFrom(random: Random, features: ReadonlySet<Feature>): readonly ActorValue[] {
  const direct = { to: 'Team', via: 'Member', as: 'person', toward: 'team' } as const
  const isGrade = m.compare('grade', random.pick(['atLeast', 'isNot', 'under']), random.below(3))
  const ways: readonly ActorValue[] = [
    m.reach('above', { ...direct, then: 'upward' }),
    m.reach('below', { ...direct, where: isGrade, then: 'downward' }),
    m.reach('leading', { to: 'Team', via: 'Team', as: 'lead', toward: 'id' }),
    m.reach('parents', {
      to: 'Team',
      via: 'Team',
      as: 'lead',
      toward: 'parent',
      then: random.pick(['upward', 'downward']),
    }),
    m.reach('grand', { to: 'Team', via: 'Member', as: 'person', toward: 'team.parent' }),
    m.reach('joined', { to: 'Team', via: 'Team', as: 'members.person', toward: 'id' }),
    m.reach('owned', { to: 'Item', via: 'Item', as: 'owner', toward: 'id' }),
    m.reach('labelled', { to: 'Label', via: 'ItemLabel', as: 'item.owner', toward: 'label' }),
    m.reach('teamed', { to: 'Item', via: 'Item', as: 'team.members.person', toward: 'id' }),
  ]
  return [
    m.claim('region', m.choice('eu', 'us', 'as')),
    m.claim('grade', m.int()),
    ...(features.has('claims') ? [m.claim('since', m.plain('date')), m.claim('vip', m.plain('boolean'))] : []),
    m.reach('mine', direct),
    m.reach('led', { ...direct, where: isGrade }),
    ...(features.has('ways') ? random.some(ways, 1, 25) : []),
    ...(features.has('own') ? [{ kind: 'own', name: 'rank', field: 'rank' } as const] : []),
    ...(features.has('own') ? [{ kind: 'own', name: 'boss', field: 'boss' } as const] : []),
  ]
}
