import { columnFields } from '../model/column-fields.ts'
import type { Entity } from '../model/model.ts'
import { storedOf } from '../model/stored.ts'
import { toOnesOf } from '../model/to-ones.ts'
import { isStructured } from '../values/is-native-list.ts'
import type { Verification } from './context.ts'
import { columnHint } from './part-hint.ts'

/** The order of lists names what can be ordered by, each once. */
export function verifySort({ model, problems }: Verification): void {
  for (const entity of model.entities) {
    const known = orderable(entity)
    entity.sort.forEach(({ name }, index) => {
      const place = { path: [entity.name, 'sort', index] }
      if (entity.sort.findIndex((key) => key.name === name) !== index) {
        problems.report('SORT_INVALID', place, `"${name}" is listed twice: the second changes nothing.`)
      } else if (isToldElsewhere(entity, name)) {
        return
      } else if (entity.fields.some((field) => field.name === name) && !known.includes(name)) {
        problems.report('SORT_INVALID', place, `Values of "${name}" have no order.`)
      } else if (!known.includes(name)) {
        const hint = columnHint(entity, name, known)
        problems.report('NAME_UNKNOWN', place, `"${entity.name}" has no column for "${name}".`, { hint })
      }
    })
  }
}

/** Lists, shapes and dicts as FIELD_NOT_INDEXABLE. */
function isToldElsewhere(entity: Entity, name: string): boolean {
  return columnFields(entity).some((field) => field.name === name && isStructured(field.type))
}

const unordered: ReadonlySet<string> = new Set(['list', 'shape', 'dict', 'embed', 'base64', 'secret'])

function orderable(entity: Entity): readonly string[] {
  const sortable = columnFields(entity).filter(({ name, type }) => name !== 'deletedAt' && !unordered.has(type.kind))
  return [...sortable, ...toOnesOf(entity), ...storedOf(entity)].map(({ name }) => name)
}
