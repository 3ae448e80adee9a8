import { didYouMeanHint } from '../complete/hint.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** `tree` names an optional to-one relation to the same entity. */
export function verifyTrees({ model, problems }: Verification): void {
  for (const entity of model.entities) {
    const { name, tree, relations } = entity
    if (tree === null) continue
    const place = { path: [name, 'tree'] }
    const ways = toOnesOf(entity).filter(({ to }) => to === name)
    const relation = ways.find((each) => each.name === tree)
    if (relation === undefined) {
      const names = ways.map((each) => each.name)
      const message = !relations.some((each) => each.name === tree)
        ? `"${name}" has no relation "${tree}".`
        : `"${tree}" does not lead from one "${name}" to another.`
      const hint = didYouMeanHint(tree, names) ?? `A tree needs ${tree}: one('${name}', { optional: true }).`
      problems.report('TREE_RELATION_INVALID', place, message, { hint })
    } else if (!relation.optional) {
      const message = `"${tree}" is required: no row could be the root.`
      problems.report('TREE_RELATION_INVALID', place, message, { hint: 'Make it optional.' })
    }
  }
}
