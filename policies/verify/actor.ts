import { snakeCase } from '#base'
import {
  type ActorValue,
  builtInField,
  type ClaimDeclaration,
  columnField,
  didYouMeanHint,
  type Entity,
  hasId,
  onesTo,
  ownOf,
  reservedActorNames,
  type ToOne,
  toOnesOf,
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
    if (value.kind === 'reach') verifyReach(check, value)
    else if (value.kind === 'own') verifyOwn(check, value, entity)
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

function verifyReach(check: Verification, reach: ReachValue): void {
  const { entities, problems } = check
  const path = ['actor', reach.name]
  const report: Report = (key, message, hint) =>
    problems.report('ACTOR_REACH_INVALID', { path: [...path, key] }, message, { hint })
  const names = [...entities.keys()]
  if (!entities.has(reach.to)) report('to', `There is no entity "${reach.to}".`, didYouMeanHint(reach.to, names))
  const link = entities.get(reach.via)
  if (link === undefined) report('via', `There is no entity "${reach.via}".`, didYouMeanHint(reach.via, names))
  else if (entities.has(reach.to)) verifyWays(check, link, reach, report)
  const target = entities.get(reach.to)
  if (target !== undefined && reach.then !== null) verifyThen(target, reach.then, report)
}

type Report = (key: string, message: string, hint: string) => void

/** `then` leads up or down the tree of what is reached. */
function verifyThen(target: Entity, then: string, report: Report): void {
  const known = target.relations.filter(({ kind }) => kind === 'lineage').map(({ name }) => name)
  if (known.includes(then)) return
  const tree = target.tree ?? 'parent'
  const missing = `Write \`ancestors: many('${target.name}', { up: '${tree}' })\` in "${target.name}"${target.tree === null ? ", and `tree: 'parent'`" : ''}.`
  const message = `"${then}" leads neither up nor down the tree of "${target.name}".`
  report('then', message, known.length === 0 ? missing : didYouMeanHint(then, known))
}

function verifyWays(check: Verification, link: Entity, reach: ReachValue, report: Report): void {
  const caller = check.model.actor!.entity
  const fault = callerWayFault(check, link, reach.as.split('.'), caller)
  if (fault !== null) report('as', fault.message, fault.hint)
  if (reach.toward !== '') {
    const wrong = towardFault(check, link, reach)
    // An option: `to` alone is the first argument.
    if (wrong !== null) report('toward', wrong.message, wrong.hint)
    return
  }
  const onward = onesTo(link, reach.to).filter((name) => name !== reach.as)
  if (onward.length === 0) {
    const hint = `Give it a relation one('${reach.to}'), or say the way: \`to: 'a.b'\`, or \`to: 'id'\` for the row of "${link.name}" itself.`
    report('via', `"${link.name}" has no to-one relation to "${reach.to}".`, hint)
  } else {
    const hint = `Say which: ${onward.map((name) => `\`to: '${name}'\``).join(' or ')}.`
    report('via', `"${link.name}" leads to "${reach.to}" in several ways.`, hint)
  }
}

interface WayFault {
  readonly message: string
  readonly hint: string
}

/** What keeps a way from leading to the caller. */
function callerWayFault(
  { entities }: Verification,
  link: Entity,
  way: readonly string[],
  caller: string,
): WayFault | null {
  if (way.length > 3) {
    const message = `"${way.join('.')}" leads over ${way.length} relations; three are the most.`
    return { message, hint: 'Put an entity with a shorter way in between.' }
  }
  let at = link
  for (const [place, name] of way.entries()) {
    const isLast = place === way.length - 1
    const relation = at.relations.find((each) => each.name === name && each.kind !== 'lineage')
    const next = relation === undefined || relation.kind === 'oneOf' ? undefined : entities.get(relation.to)
    if (next !== undefined && (!isLast || next.name === caller)) {
      at = next
      continue
    }
    if (way.length === 1)
      return {
        message: `"${link.name}" has no to-one relation "${name}" to "${caller}".`,
        hint: didYouMeanHint(name, onesTo(link, caller)),
      }
    const known = at.relations
      .filter((each) => each.kind !== 'oneOf' && each.kind !== 'lineage')
      .map((each) => each.name)
    return next === undefined
      ? { message: `"${at.name}" has no relation "${name}" to follow.`, hint: didYouMeanHint(name, known) }
      : { message: `"${way.join('.')}" leads to "${next.name}", not to "${caller}".`, hint: didYouMeanHint('', known) }
  }
  return null
}

/** What keeps `to` from leading to what is reached. */
function towardFault({ entities }: Verification, link: Entity, { toward, to }: ReachValue): WayFault | null {
  if (toward === 'id')
    return link.name === to
      ? null
      : { message: `The rows of "${link.name}" are not "${to}".`, hint: `Reach "${link.name}", or name a relation.` }
  const way = toward.split('.')
  const hint = 'Name one to-one relation, or two with a dot between them.'
  if (way.length > 2) return { message: `"${toward}" leads over ${way.length} relations; two are the most.`, hint }
  let at: Entity | undefined = link
  for (const name of way) {
    const ones: readonly ToOne[] = at === undefined ? [] : toOnesOf(at)
    const relation = ones.find((each) => each.name === name)
    if (relation === undefined)
      return {
        message: `"${at?.name}" has no to-one relation "${name}".`,
        hint: didYouMeanHint(
          name,
          ones.map((each) => each.name),
        ),
      }
    at = entities.get(relation.to)
  }
  return at?.name === to ? null : { message: `"${toward}" leads to "${at?.name}", not to "${to}".`, hint }
}

type OwnValue = Extract<ActorValue, { readonly kind: 'own' }>

function verifyOwn({ problems }: Verification, { name, field }: OwnValue, entity: Entity | undefined): void {
  if (entity === undefined || ownOf(entity, field) !== null) return
  const all = [...entity.fields.filter(({ builtIn }) => !builtIn), ...toOnesOf(entity)].map((each) => each.name)
  const known = all.filter((each) => ownOf(entity, each) !== null)
  const isComputed = entity.computed.some((each) => each.name === field)
  const isThere = isComputed || columnField(entity, field) !== null
  const message = isThere
    ? `"${field}" of "${entity.name}" is no single stored value of the author's, so no rule can compare with it.`
    : `"${entity.name}" has no "${field}".`
  const hint = field === 'id' ? 'The caller itself is `actor.id`.' : didYouMeanHint(field, known)
  problems.report('ACTOR_OWN_INVALID', { path: ['actor', name] }, message, { hint })
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
