import { columnBehind, columnFields, type Default, type Entity, toOnesOf } from '#schema'
import type { RowValue } from './decision.ts'
import { compared } from './judge-comparison.ts'
import { heldValue } from './value.ts'
import type { Caller, Row, World } from './world.ts'

/** Fields and to-one relations whose values differ: of a new row from their defaults, of an update from the row as it was. */
export function changedNames(
  asked: {
    readonly verb: string
    readonly row: Row
    readonly after?: Row
    readonly caller: Caller
    readonly world: World
  },
  entity: Entity,
): readonly string[] {
  const { verb, row, after } = asked
  if (verb !== 'create' && (verb !== 'update' || after === undefined)) return []
  const parts = [...columnFields(entity).filter(({ builtIn }) => !builtIn), ...toOnesOf(entity)]
  const changed = parts.filter((part) => {
    const [was, is] =
      after === undefined ? [defaultOf(part.default, asked), row[part.name]] : [row[part.name], after[part.name]]
    if (was === 'any') return (is ?? null) !== null && row[part.name] !== undefined
    return !isSame(was, is, entity, part.name, asked.world)
  })
  return changed.map(({ name }) => name)
}

/** What a row has where nothing was given; `any` where that is not known beforehand. */
function defaultOf(given: Default | null, { caller, world }: { readonly caller: Caller; readonly world: World }) {
  switch (given?.kind) {
    case undefined:
      return null
    case 'value':
      return given.value as RowValue
    case 'actor':
      return caller.id
    case 'now':
      return world.now
    case 'today':
      return new Date(world.now).toISOString().slice(0, 10)
    default:
      return 'any'
  }
}

function isSame(a: RowValue | undefined, b: RowValue | undefined, entity: Entity, name: string, world: World): boolean {
  const type = columnBehind(entity, name, world.index.entities)?.type ?? ({ kind: 'uuid' } as const)
  const [left, right] = [heldValue(a, type), heldValue(b, type)]
  if (left === null || right === null) return left === right
  if (type.kind === 'shape' || type.kind === 'dict' || type.kind === 'list')
    return JSON.stringify(a) === JSON.stringify(b)
  return compared('is', left, right, type) === true
}
