import type { Caller, Row, RowValue, World } from '#policies'
import type { Entity } from '#schema'

/** A new row with its defaults, as far as they do not come from other rows. */
export function newRow(
  entity: Entity,
  values: Row,
  { caller, world }: { readonly caller: Caller; readonly world: World },
): Row {
  const defaults = [...entity.fields, ...entity.relations].map((part) => {
    const given = 'default' in part ? part.default : null
    switch (given?.kind) {
      case 'value':
        return [part.name, given.value as RowValue] as const
      case 'actor':
        return [part.name, caller.id] as const
      case 'now':
        return [part.name, world.now] as const
      case 'today':
        return [part.name, world.now.slice(0, 10)] as const
      default:
        return [part.name, null] as const
    }
  })
  const state = entity.lifecycle === null ? {} : { status: entity.lifecycle.initial }
  return { ...Object.fromEntries(defaults), ...state, ...values }
}
