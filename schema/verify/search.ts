import { columnFields } from '../model/column-fields.ts'
import type { Entity, Field, SearchField } from '../model/model.ts'
import type { Verification } from './context.ts'
import { columnHint } from './part-hint.ts'

/** Rows are looked for by words of texts, in tables that Rowhouse made. */
export function verifySearch({ model, problems }: Verification): void {
  for (const entity of model.entities) {
    const { name, search } = entity
    if (search === null) continue
    const cannot = whyNot(entity)
    if (cannot !== null) {
      const hint = 'Filter by the texts (`includesInsensitive`), or search an entity with a table of its own.'
      const message = `Rows of "${name}" cannot be looked for by words: ${cannot}.`
      problems.report('SEARCH_UNSUPPORTED', { path: [name, 'search'], part: 'key' }, message, { hint })
      continue
    }
    for (const field of search.fields) verifyField({ entity, field, problems })
  }
}

function whyNot({ source, tenancy }: Entity): string | null {
  if (source.kind === 'adopted') return 'its table was there before, and is given no column'
  if (source.kind !== 'table') return 'its rows come from a select'
  return tenancy === 'self' ? 'a tenant has one' : null
}

function verifyField(given: {
  readonly entity: Entity
  readonly field: SearchField
  readonly problems: Verification['problems']
}): void {
  const { entity, problems } = given
  const { name } = given.field
  const path = [entity.name, 'search', name]
  const fields = columnFields(entity).filter(({ builtIn }) => !builtIn)
  const texts = fields.filter(isText)
  const field = fields.find((each) => each.name === name)
  const isOther =
    entity.fields.some((each) => each.name === name) ||
    entity.computed.some((each) => each.name === name) ||
    entity.relations.some((each) => each.name === name)
  if (field === undefined && !isOther) {
    const hint = columnHint(
      entity,
      name,
      texts.map((each) => each.name),
    )
    problems.report('NAME_UNKNOWN', { path, part: 'key' }, `"${entity.name}" has no field "${name}".`, { hint })
  } else if (field === undefined || !isText(field)) {
    const hint =
      texts.length === 0
        ? 'Only texts have words: leave "search" out.'
        : `Only texts of the row itself have words: ${texts.map((each) => each.name).join(', ')}.`
    const message = `"${name}" of "${entity.name}" is no text that is kept in the row, so it has no words.`
    problems.report('SEARCH_FIELD_INVALID', { path, part: 'key' }, message, { hint })
  }
}

function isText({ type }: Field): boolean {
  return type.kind === 'text'
}
