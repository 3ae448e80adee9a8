import { didYouMeanHint } from '../complete/hint.ts'
import type { Entity, Lineage } from '../model/model.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** `up` and `down` lead along the tree of the entity that has them, and no other. */
export function verifyLineage({ problems }: Verification, entity: Entity, relation: Lineage): void {
  const { name, to, by, way } = relation
  const path = [entity.name, 'relations', name]
  const line = (tree: string) => `Write \`${name}: many('${entity.name}', { ${way}: '${tree}' })\`.`
  if (to !== entity.name) {
    const message = `"${name}" leads along a tree of "${to}", but stands in "${entity.name}".`
    const hint = `Put it into "${to}", and lead there by a to-one relation first.`
    problems.report('TREE_LINEAGE_INVALID', { path: [...path, 'to'] }, message, { hint })
    return
  }
  if (entity.tree === by) return
  const own = toOnesOf(entity).filter((each) => each.to === entity.name && each.optional)
  const isTree = own.some((each) => each.name === by)
  const place = { path: [...path, way] }
  if (entity.tree === null) {
    const hint = isTree
      ? `Say \`tree: '${by}'\` in "${entity.name}".`
      : `A tree needs parent: one('${entity.name}', { optional: true }), and \`tree: 'parent'\`.`
    problems.report('TREE_LINEAGE_INVALID', place, `The rows of "${entity.name}" are no tree.`, { hint })
  } else {
    const hint = isTree ? line(entity.tree) : didYouMeanHint(by, [entity.tree])
    const message = `The tree of "${entity.name}" goes by "${entity.tree}", not by "${by}".`
    problems.report('TREE_LINEAGE_INVALID', place, message, { hint })
  }
}
