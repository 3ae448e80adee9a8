import { didYouMeanHint } from '../complete/hint.ts'
import type { Verification } from './context.ts'

/** `tree` names an optional to-one relation to the same entity. */
export function verifyTrees({ model, problems }: Verification): void {
  for (const { name, tree, relations } of model.entities) {
    if (tree === null) continue
    const place = { path: [name, 'tree'] }
    const ways = relations.filter((relation) => relation.kind === 'one' && relation.to === name)
    const relation = relations.find((each) => each.name === tree)
    if (relation === undefined || !ways.includes(relation)) {
      const names = ways.map((each) => each.name)
      const message =
        relation === undefined
          ? `"${name}" has no relation "${tree}".`
          : `"${tree}" does not lead from one "${name}" to another.`
      const hint = didYouMeanHint(tree, names) ?? `A tree needs ${tree}: one('${name}', { optional: true }).`
      problems.report('TREE_RELATION_INVALID', place, message, { hint })
    } else if (relation.kind === 'one' && !relation.optional) {
      const message = `"${tree}" is required: no row could be the root.`
      problems.report('TREE_RELATION_INVALID', place, message, { hint: 'Make it optional.' })
    }
  }
}
