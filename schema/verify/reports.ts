import { hasId } from '../model/key.ts'
import type { Computed, Entity, Field, ModelPath } from '../model/model.ts'
import { isReadOnly, keptReport } from '../model/read-only.ts'
import type { Verification } from './context.ts'
import { readsOf } from './formula-reads.ts'

/** Rows of a select have what a select can give, and a key; nothing that is decided inside of Postgres looks at them. */
export function verifyReports(check: Verification): void {
  const { model, entities, problems } = check
  for (const entity of model.entities.filter(isReadOnly)) {
    verifyKey(check, entity)
    for (const { path, message } of [...needs(entity), ...written(check, entity)]) {
      const hint = `Leave it out here, and let the ${entity.source.kind === 'view' ? 'view' : 'select'} say it.`
      problems.report('REPORT_OPTION_UNSUPPORTED', { path, part: 'key' }, message, { hint })
    }
  }
  const isRead = (name: string) => entities.get(name) !== undefined && isReadOnly(entities.get(name)!)
  for (const { path, entity, name } of reads(check)) {
    if (!isRead(name)) continue
    const message = `This looks at rows of "${name}", which come from a select of their own.`
    const hint = `Look at the rows that "${name}" is made of, or say it in the select of "${name}".`
    problems.report('REPORT_READ_INSIDE', { path: [entity, ...path] }, message, { hint })
  }
  for (const value of model.actor?.values ?? []) {
    if (value.kind !== 'reach' || ![value.via, value.to].some(isRead)) continue
    const message = `"${value.name}" goes through rows that come from a select.`
    const hint = 'Go through an entity that has rows of its own.'
    problems.report('REPORT_READ_INSIDE', { path: ['actor', value.name] }, message, { hint })
  }
}

function verifyKey({ problems }: Verification, entity: Entity): void {
  if (!hasId(entity)) return
  const message = `Nothing says which values tell the rows of "${entity.name}" apart.`
  const hint = "Write `key: 'store'`, or `key: ['store', 'month']`: fields and relations that no two rows share."
  problems.report('REPORT_KEY_MISSING', { path: [entity.name], part: 'key' }, message, { hint })
}

interface Need {
  readonly path: ModelPath
  readonly message: string
}

/** What needs a table. */
function needs(entity: Entity): readonly Need[] {
  const { name, unique, indexes, noOverlap, rules, computed, actions } = entity
  const stands = (key: string, is: boolean): readonly Need[] =>
    is
      ? [{ path: [name, key], message: `"${key}" needs rows of its own, and those of "${name}" come from a select.` }]
      : []
  const isOdd = entity.tenancy === 'self' || entity.tenancy === 'shared'
  return [
    ...stands('unique', unique.length > 0),
    ...stands('indexes', indexes.length > 0),
    ...stands('noOverlap', noOverlap.length > 0),
    ...stands('rules', rules.length > 0),
    ...stands('computed', computed.length > 0),
    ...stands('actions', actions.length > 0),
    ...stands('lifecycle', entity.lifecycle !== null),
    ...stands('tree', entity.tree !== null),
    ...stands('immutable', entity.immutable),
    ...stands('expires', entity.expires !== null),
    ...stands('history', entity.history),
    ...stands('events', entity.events !== undefined),
    ...stands('hooks', entity.hooks !== undefined),
    ...stands(
      'builtIns',
      entity.fields.some((field) => field.builtIn && !['id', 'status', 'isShared', 'refreshedAt'].includes(field.name)),
    ),
    ...stands('tenant', isOdd),
    // What it shows to one tenant would be kept for all.
    ...(entity.tenancy === 'none' && keptReport(entity) !== null
      ? [{ path: [name, 'refresh'], message: `Rows of "${name}" are computed for each tenant, so each is of one.` }]
      : []),
    ...entity.relations
      .filter(({ kind }) => kind !== 'one')
      .map((relation) => ({
        path: [name, 'relations', relation.name],
        message: `Rows of "${name}" lead to others by to-one relations alone: nothing refers to them.`,
      })),
    ...entity.fields.flatMap((field) => fieldNeeds(name, field)),
  ]
}

function fieldNeeds(entity: string, field: Field): readonly Need[] {
  const options = { default: field.default, from: field.from, numbering: field.numbering }
  return field.builtIn
    ? []
    : Object.entries(options).flatMap(([option, value]) =>
        value === null
          ? []
          : [
              {
                path: [entity, 'fields', field.name, ...(option === 'numbering' ? [] : [option])],
                message: `"${field.name}" is given by the select, never by "${option}".`,
              },
            ],
      )
}

const relationOptions = ['onDelete', 'onRemove', 'default', 'unique', 'ordered', 'same'] as const

/** Options that the model does not keep, or not as they were written. */
function written({ app }: Verification, entity: Entity): readonly Need[] {
  const declaration = app.declarations.find(({ kind, of }) => kind === 'entity' && of === entity.name)
  if (declaration?.kind !== 'entity' || app.origin === 'model') return []
  const relations = Object.entries((declaration.declared.definition.relations ?? {}) as object)
  return [
    ...(declaration.declared.definition.adopt === undefined || entity.source.kind === 'view'
      ? []
      : [{ path: [entity.name, 'adopt'], message: 'Rows are adopted or come from a select, not both.' }]),
    ...relations.flatMap(([name, relation]) => {
      const given = (relation as { readonly options?: object } | null)?.options ?? {}
      return relationOptions
        .filter((option) => Object.hasOwn(given, option))
        .map((option) => ({
          path: [entity.name, 'relations', name, option],
          message: `"${option}" says what happens to a row, and those of "${entity.name}" come from a select.`,
        }))
    }),
  ]
}

/** Entities that formulas and defaults look at, with the place of each. */
function reads({ model, entities }: Verification) {
  return model.entities.flatMap((entity) =>
    [
      ...entity.computed.map((each) => of('computed', each)),
      ...entity.fields.map((each) => of('fields', each)),
    ].flatMap(({ path, expression }) =>
      expression === null
        ? []
        : readsOf(expression, entity.name, entities)
            .filter(({ entity: name }) => name !== entity.name)
            .map((read) => ({ entity: entity.name, path, name: read.entity })),
    ),
  )
}

function of(list: string, part: Computed | Field) {
  const given =
    'expression' in part ? part.expression : part.default?.kind === 'expression' ? part.default.expression : null
  return { path: [list, part.name], expression: given }
}
