import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/**
 * A part goes and comes back with its whole. With two wholes it would come back with the one while the other, which every row needs, is
 * still removed.
 */
export function verifyWholeOfPart({ model, problems }: Verification): void {
  for (const entity of model.entities) {
    const [first, ...more] = toOnesOf(entity).filter(({ part }) => part)
    for (const relation of more) {
      const message = `"${entity.name}" is a part of "${first!.to}" already: it would come back with one whole while the other is removed.`
      const hint = `Say one('${relation.to}', { onDelete: 'cascade' }) here, and keep partOf for the one that it lives in.`
      const related = {
        message: 'the other is declared in',
        path: [entity.name, 'relations', first!.name],
        part: 'key',
      } as const
      const path = [entity.name, 'relations', relation.name]
      problems.report('PART_OF_TWO', { path, part: 'key' }, message, { hint, related })
    }
  }
}
