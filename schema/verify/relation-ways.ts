import { lowerFirst } from '#base'
import { didYouMeanHint } from '../complete/hint.ts'
import { onesTo } from '../complete/link-relations.ts'
import type { Entity, HasOne, Relation, Through, ToMany } from '../model/model.ts'
import type { Verification } from './context.ts'
import { linksOf } from './links.ts'

type WayBack = HasOne | ToMany

/** `by` names a to-one of the target that leads back, and that no other relation of this entity stands for. */
export function verifyBy(check: Verification, entity: Entity, relation: WayBack, target: Entity): void {
  if (!leadsBack(check, entity, relation, target)) return
  const place = { path: [entity.name, 'relations', relation.name, 'by'] }
  if (relation.kind === 'hasOne' && !target.unique.some(({ on }) => on.length === 1 && on[0] === relation.by)) {
    const line = `\`${relation.by}: one('${entity.name}', { unique: true })\``
    const hint = `Write ${line} in "${target.name}", or \`${relation.name}: many('${target.name}', { by: '${relation.by}' })\` here.`
    const message = `Several rows of "${target.name}" may have the same "${relation.by}".`
    check.problems.report('RELATION_INVERSE_NOT_UNIQUE', place, message, { hint })
  }
  const isSame = (each: Relation) =>
    (each.kind === 'many' || each.kind === 'hasOne') && each.to === relation.to && each.by === relation.by
  reportTwice(check, entity, relation, entity.relations.find(isSame))
}

function leadsBack({ problems }: Verification, entity: Entity, relation: WayBack, target: Entity): boolean {
  const path = [entity.name, 'relations', relation.name]
  const ways = onesTo(target, entity.name)
  if (ways.includes(relation.by)) return true
  const line = (by: string) => `\`${relation.name}: ${relation.kind}('${target.name}', { by: '${by}' })\``
  const toWrite = (name: string) => `Write \`${name}: one('${entity.name}')\` in "${target.name}".`
  if (relation.by === '') {
    const place = { path, part: 'key' } as const
    const message = `"${relation.name}" does not say by which relation of "${target.name}" it leads there.`
    const hint =
      ways.length === 0
        ? `${toWrite(lowerFirst(entity.name))} Then ${line(lowerFirst(entity.name))} here.`
        : `Write ${ways.map(line).join(' or ')}.`
    problems.report('RELATION_BY_MISSING', place, message, { hint })
    return false
  }
  const place = { path: [...path, 'by'] }
  const message = `"${target.name}" has no to-one relation "${relation.by}" to "${entity.name}".`
  if (ways.length > 0)
    problems.report('RELATION_BY_INVALID', place, message, { hint: didYouMeanHint(relation.by, ways) })
  else if (target.relations.some(({ name }) => name === relation.by)) {
    const hint = `"${relation.by}" of "${target.name}" leads elsewhere. ${toWrite(lowerFirst(entity.name))}`
    problems.report('RELATION_INVERSE_MISSING', place, message, { hint })
  } else problems.report('RELATION_INVERSE_MISSING', place, message, { hint: toWrite(relation.by) })
  return false
}

/** Reports a relation that is not the first one to stand for its way. */
function reportTwice(
  { problems }: Verification,
  entity: Entity,
  relation: Relation,
  first: Relation | undefined,
): void {
  if (first === undefined || first.name === relation.name) return
  const path = [entity.name, 'relations', relation.name]
  const hint = 'Leave one of them out, or give the second a to-one of its own.'
  const related = {
    message: 'the other is declared in',
    path: [entity.name, 'relations', first.name],
    part: 'key',
  } as const
  const message = `"${first.name}" is that way back already.`
  problems.report('RELATION_INVERSE_DUPLICATE', { path: [...path, 'by'] }, message, { hint, related })
}

/** `through` names an entity with one to-one back here and one onward. */
export function verifyThrough(check: Verification, entity: Entity, relation: Through): void {
  const { entities, problems } = check
  const path = [entity.name, 'relations', relation.name]
  const between = entities.get(relation.through)
  // A link whose entity in between is not there is reported as a link.
  if (linksOf(check).some((link) => link.entity === entity.name && link.relation === relation.name)) return
  if (between === undefined) {
    const declared = [...entities.values()].filter(({ link }) => link === null).map(({ name }) => name)
    const hint = didYouMeanHint(relation.through, declared)
    const message = `There is no entity "${relation.through}".`
    problems.report('RELATION_THROUGH_INVALID', { path: [...path, 'through'] }, message, { hint })
    return
  }
  if (between.link !== null) {
    const isSame = (each: Relation) =>
      each.kind === 'through' && each.through === relation.through && each.from === relation.from
    reportTwice(check, entity, relation, entity.relations.find(isSame))
  } else verifyEnds(check, entity, relation, between)
}

function verifyEnds({ problems }: Verification, entity: Entity, relation: Through, between: Entity): void {
  const path = [entity.name, 'relations', relation.name]
  const line = (key: string, way: string) =>
    `\`${relation.name}: many('${relation.to}', { through: '${between.name}', ${key}: '${way}' })\``
  const ends = [
    { key: 'from', segment: 'from', named: relation.from, ways: onesTo(between, entity.name), to: entity.name },
    { key: 'to', segment: 'toward', named: relation.toward, ways: onesTo(between, relation.to), to: relation.to },
  ] as const
  for (const { key, segment, named, ways, to } of ends) {
    if (ways.includes(named)) continue
    const place = { path: named === '' ? [...path, 'through'] : [...path, segment] }
    if (named !== '') {
      const message = `"${between.name}" has no to-one relation "${named}" to "${to}".`
      problems.report('RELATION_THROUGH_INVALID', place, message, { hint: didYouMeanHint(named, ways) })
    } else if (ways.length === 0) {
      const hint = `Write \`${lowerFirst(to)}: one('${to}')\` in "${between.name}".`
      problems.report('RELATION_THROUGH_INVALID', place, `"${between.name}" does not lead to "${to}".`, { hint })
    } else {
      const hint = `Write ${ways.map((way) => line(key, way)).join(' or ')}.`
      const message = `"${between.name}" leads to "${to}" in several ways: say \`${key}\`.`
      problems.report('RELATION_THROUGH_AMBIGUOUS', place, message, { hint })
    }
  }
  if (relation.from === '' || relation.from !== relation.toward) return
  const message = 'The way here and the way onward are the same.'
  problems.report('RELATION_THROUGH_INVALID', { path: [...path, 'from'] }, message)
}
