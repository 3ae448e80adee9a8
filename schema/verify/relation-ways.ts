import { didYouMeanHint } from '../complete/hint.ts'
import { onesTo } from '../complete/link-relations.ts'
import type { Entity, HasOne, Through, ToMany } from '../model/model.ts'
import type { Verification } from './context.ts'

/** `by` names a to-one of the target that leads back, and that no other relation of this entity stands for. */
export function verifyBy(check: Verification, entity: Entity, relation: HasOne | ToMany, target: Entity): void {
  const { problems } = check
  const path = [entity.name, 'relations', relation.name]
  const place = relation.by === '' ? { path, part: 'key' as const } : { path: [...path, 'by'] }
  const ways = onesTo(target, entity.name)
  if (!ways.includes(relation.by)) {
    const message =
      relation.by === ''
        ? `"${relation.name}" does not say by which relation of "${target.name}" it leads there.`
        : `"${target.name}" has no to-one relation "${relation.by}" to "${entity.name}".`
    const hint = relation.by === '' ? byHint(ways, target.name, entity.name) : didYouMeanHint(relation.by, ways)
    problems.report('RELATION_BY_INVALID', place, message, { hint })
    return
  }
  if (relation.kind === 'hasOne' && !target.unique.some(({ on }) => on.length === 1 && on[0] === relation.by)) {
    const hint = `Say \`unique: true\` on "${relation.by}" of "${target.name}", or make this a \`many\`.`
    const message = `Several rows of "${target.name}" may have the same "${relation.by}".`
    problems.report('RELATION_BY_INVALID', place, message, { hint })
  }
  const other = entity.relations.find(
    (each) => (each.kind === 'many' || each.kind === 'hasOne') && each.to === relation.to && each.by === relation.by,
  )
  if (other === undefined || other.name === relation.name) return
  problems.report('RELATION_BY_INVALID', place, `"${other.name}" is the way back of "${relation.by}" already.`)
}

function byHint(ways: readonly string[], target: string, entity: string): string {
  if (ways.length === 0) return `Give "${target}" a relation one('${entity}') first.`
  return ways.map((way) => `{ by: '${way}' }`).join(' or ')
}

/** `through` names an entity with one to-one back here and one onward. */
export function verifyThrough({ entities, problems }: Verification, entity: Entity, relation: Through): void {
  const path = [entity.name, 'relations', relation.name]
  const between = entities.get(relation.through)
  if (between === undefined) {
    const hint = didYouMeanHint(relation.through, [...entities.keys()])
    const message = `There is no entity "${relation.through}".`
    problems.report('RELATION_THROUGH_INVALID', { path: [...path, 'through'] }, message, { hint })
    return
  }
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
      const hint = `Give "${between.name}" a relation one('${to}').`
      problems.report('RELATION_THROUGH_INVALID', place, `"${between.name}" does not lead to "${to}".`, { hint })
    } else {
      const hint = ways.map((way) => `{ ${key}: '${way}' }`).join(' or ')
      const message = `"${between.name}" leads to "${to}" in several ways: say \`${key}\`.`
      problems.report('RELATION_THROUGH_INVALID', place, message, { hint })
    }
  }
  if (relation.from === '' || relation.from !== relation.toward) return
  problems.report(
    'RELATION_THROUGH_INVALID',
    { path: [...path, 'from'] },
    'The way here and the way onward are the same.',
  )
}
