import { snakeCase } from '#base'
import {
  type ActorValue,
  builtInField,
  type ClaimDeclaration,
  didYouMeanHint,
  type Entity,
  hasId,
  onesTo,
  reservedActorNames,
  type Verification,
} from '#schema'

/** The caller is a row that exists, and each value of it can be found. */
export function verifyActor(check: Verification): void {
  const { model, entities, problems } = check
  if (model.actor === null) return
  if (!entities.has(model.actor.entity)) {
    const message = `There is no entity "${model.actor.entity}".`
    problems.report('ACTOR_ENTITY_UNKNOWN', { path: ['actor'] }, message, {
      hint: didYouMeanHint(model.actor.entity, [...entities.keys()]),
    })
  }
  const entity = entities.get(model.actor.entity)
  if (entity !== undefined && !hasUuid(entity)) {
    const message = `The caller is known by a uuid, but a "${entity.name}" is not.`
    problems.report('ACTOR_ID_INVALID', { path: ['actor'] }, message, {
      hint: `Leave \`id\` and \`key\` out of "${entity.name}".`,
    })
  }
  const taken = new Map<string, string>()
  for (const value of model.actor.values) {
    verifyValueName(check, value.name, taken)
    if (value.kind === 'reach') verifyReach(check, value, model.actor.entity)
    else verifyClaim(check, value.name)
  }
}

function hasUuid(entity: Entity): boolean {
  return hasId(entity) && builtInField(entity, 'id')?.type.kind === 'uuid'
}

function verifyValueName({ problems }: Verification, name: string, taken: Map<string, string>): void {
  const place = { path: ['actor', name], part: 'key' } as const
  const known = taken.get(snakeCase(name))
  taken.set(snakeCase(name), name)
  if (!/^[a-z][A-Za-z0-9]{0,40}$/.test(name)) {
    const hint = 'Such names begin with a small letter and have at most 41 letters and digits.'
    problems.report('NAME_INVALID', place, `"${name}" cannot be the name of a value of the actor.`, { hint })
  } else if (reservedActorNames.has(name)) {
    problems.report('NAME_RESERVED', place, `"${name}" is taken.`, {
      hint: 'Tokens or the actor itself use it: call it otherwise.',
    })
  } else if (known !== undefined) {
    const message = `"${name}" and "${known}" both become "${snakeCase(name)}" in Postgres.`
    problems.report('NAME_CLASH', place, message, { hint: 'Rename one of them.' })
  }
}

type ReachValue = Extract<ActorValue, { readonly kind: 'reach' }>

function verifyReach({ entities, problems }: Verification, reach: ReachValue, actor: string): void {
  const path = ['actor', reach.name]
  const report: Report = (key, message, hint) =>
    problems.report('ACTOR_REACH_INVALID', { path: [...path, key] }, message, { hint })
  const names = [...entities.keys()]
  if (!entities.has(reach.to)) report('to', `There is no entity "${reach.to}".`, didYouMeanHint(reach.to, names))
  const link = entities.get(reach.via)
  if (link === undefined) report('via', `There is no entity "${reach.via}".`, didYouMeanHint(reach.via, names))
  else if (entities.has(reach.to)) verifyWays(link, reach, actor, report)
}

type Report = (key: string, message: string, hint: string) => void

function verifyWays(link: Entity, reach: ReachValue, actor: string, report: Report): void {
  const ways = onesTo(link, actor)
  if (!ways.includes(reach.as))
    report('as', `"${link.name}" has no to-one relation "${reach.as}" to "${actor}".`, didYouMeanHint(reach.as, ways))
  if (reach.toward !== '') return
  const onward = onesTo(link, reach.to).filter((name) => name !== reach.as)
  if (onward.length === 0)
    report('via', `"${link.name}" has no to-one relation to "${reach.to}".`, `Give it a relation one('${reach.to}').`)
  else
    report(
      'via',
      `"${link.name}" leads to "${reach.to}" in several ways.`,
      'Put an entity with one such relation in between.',
    )
}

/** Options that only rows have. */
const rowOptions = ['optional', 'unique', 'index', 'readonly', 'default', 'in']

function verifyClaim({ app, problems }: Verification, name: string): void {
  const declaration = app.declarations.find(({ kind }) => kind === 'actor')
  if (declaration?.kind !== 'actor') return
  const { field } = declaration.declared.values[name] as ClaimDeclaration
  for (const option of rowOptions) {
    if (!Object.hasOwn(field.options, option) || (option === 'in' && field.builder === 'duration')) continue
    const message = `"${option}" means nothing on a claim: the value comes from the token.`
    problems.report('ACTOR_CLAIM_INVALID', { path: ['actor', name, option], part: 'key' }, message)
  }
}
