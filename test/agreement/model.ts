import { guardedGroups, indexModel } from '#policies'
import type { Model, Rule } from '#schema'
import { withHistories } from '../../schema/complete/history.ts'
import * as m from '../support/model.ts'
import { actorValuesFrom } from './actor-values.ts'
import { entitiesOf } from './entities.ts'
import type { Feature } from './features.ts'
import type { Random } from './random.ts'
import { rulesFrom } from './rules.ts'

/** Roles of every generated app: they are cluster-wide, so each model has the same. */
export const appRoles = { clerk: [], lead: ['clerk'], boss: ['lead'], auditor: [] } as const

/** A model that follows from the numbers: people, teams with members, items with lines, a badge and labels. */
export function generateModel(random: Random, features: ReadonlySet<Feature>): Model {
  const entities = entitiesOf(random, features)
  const made = m.makeModel({
    entities: {},
    roles: appRoles,
    actor: {
      entity: 'Person',
      values: actorValuesFrom(random, features),
    },
  })
  const sorted = entities.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const model = withHistories({ ...made, app: 'agree', entities: sorted, policies: [] })
  // Links and changes have no rules of their own.
  const policies = model.entities.map((entity) => ({
    entity: entity.name,
    onHidden: random.pick(['null', 'error'] as const),
    rules: entity.link !== null || entity.historyOf !== null ? [] : rulesFrom(random, entity, model, features),
  }))
  return withFewCircles({ ...model, policies })
}

/** Faces double with each circle of readers: where there are too many, rules that read speak of all fields. */
function withFewCircles(model: Model): Model {
  const index = indexModel(model)
  const policies = model.policies.map((policy) => {
    const groups = guardedGroups(index.entities.get(policy.entity)!, index)
    const ways = groups.reduce((product, { readers }) => product * Math.max(1, readers.length), 1)
    return groups.length <= 3 && ways <= 24 ? policy : { ...policy, rules: policy.rules.flatMap(withoutRead) }
  })
  return { ...model, policies }
}

function withoutRead(rule: Rule): readonly Rule[] {
  if (rule.fields === null || !rule.verbs.includes('read')) return [rule]
  if (rule.effect === 'allow') return [{ ...rule, fields: null }]
  const verbs = (rule.verbs as readonly string[]).filter((verb) => verb !== 'read')
  return verbs.length === 0 ? [] : [{ ...rule, verbs }]
}
