import { fitIdentifier, lowerFirst, snakeCase, upperFirst } from '#base'
import { isEmbed } from '../model/column-fields.ts'
import { changedBy, historyChanges, historyEnum } from '../model/history.ts'
import type { Entity, Field, FieldType, Model, Relation, ShapePart, ToMany, ToOne } from '../model/model.ts'
import { isReadOnly } from '../model/read-only.ts'
import { hasTenant } from '../model/tenancy.ts'
import { toOnesOf } from '../model/to-ones.ts'
import { madeToOne } from './made-to-one.ts'
import { pluralOf } from './plural.ts'
import { notShown } from './shown.ts'

/** How the entity that holds the changes is called. */
export interface HistoryNames {
  /** `OrderHistory` */
  readonly entity: string
  /** `OrderHistories` */
  readonly plural: string
  /** `order_history` */
  readonly table: string
  /** Name of its to-one that leads to the row: `order`. */
  readonly row: string
}

/** Name of the relation that leads from a row to its changes. */
export const historyRelation = 'history'

/** Names of what `history: true` makes. */
export function historyNames({ name, table }: Pick<Entity, 'name' | 'table'>): HistoryNames {
  const entity = `${name}History`
  return { entity, plural: pluralOf(entity), table: fitIdentifier(`${table}_history`), row: lowerFirst(name) }
}

/** The model with an entity for the changes of each one that says `history: true`. What cannot have one is reported elsewhere. */
export function withHistories(model: Model): Model {
  const kept = model.entities.filter((entity) => entity.history && entity.key.length === 1 && !isReadOnly(entity))
  return withChanges(model, kept, { wayTo, made: historyEntity })
}

/** What entities get that keep something of their changes. */
interface MadeOf {
  /** The relation from a row to what is kept of it. */
  wayTo(entity: Entity): ToMany
  /** The entity that keeps it. */
  made(entity: Entity, people: Entity | null): Entity
}

/** The model with an entity more for each of the given ones. */
export function withChanges(model: Model, kept: readonly Entity[], of: MadeOf): Model {
  if (kept.length === 0) return model
  const people = model.entities.find(({ name }) => name === model.actor?.entity) ?? null
  const made = kept.map((entity) => of.made(entity, people))
  const entities = model.entities.map((entity) =>
    kept.includes(entity) ? { ...entity, relations: [...entity.relations, of.wayTo(entity)] } : entity,
  )
  return {
    ...model,
    entities: [...entities, ...made].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    policies: [
      ...model.policies,
      ...made.map(({ name }) => ({ entity: name, rules: [], onHidden: 'null' as const })),
    ].toSorted((a, b) => (a.entity < b.entity ? -1 : 1)),
  }
}

/** The model as it was declared: without what keeps changes of rows. */
export function withoutHistories(model: Model): Model {
  const made = new Set(model.entities.filter(({ historyOf }) => historyOf !== null).map(({ name }) => name))
  if (made.size === 0) return model
  const isOwn = (relation: Relation) => relation.kind !== 'many' || !made.has(relation.to)
  return {
    ...model,
    entities: model.entities
      .filter(({ name }) => !made.has(name))
      .map((entity) => ({ ...entity, relations: entity.relations.filter(isOwn) })),
    policies: model.policies.filter(({ entity }) => !made.has(entity)),
  }
}

function wayTo(entity: Entity): ToMany {
  const names = historyNames(entity)
  const note = 'Its changes, the newest first.'
  return { ...notShown, note, kind: 'many', name: historyRelation, to: names.entity, by: names.row }
}

function historyEntity(entity: Entity, people: Entity | null): Entity {
  const names = historyNames(entity)
  return {
    ...changesEntity(entity, names),
    note: `Changes of rows of ${entity.name}, each with the row as it became.`,
    key: [names.row, 'revision'],
    fields: [...ownFields, ...keptFields(entity)],
    relations: [rowRelation(entity), ...whoRelation(entity, people), ...keptRelations(entity)],
    // Of one transaction's changes the last is the one with the greatest number.
    sort: [
      { name: 'changedAt', descending: true },
      { name: 'revision', descending: true },
    ],
  }
}

/** What is the same of all entities that keep changes of rows. */
export function changesEntity(entity: Entity, names: HistoryNames) {
  return {
    ...notShown,
    name: names.entity,
    plural: names.plural,
    display: null,
    tenancy: hasTenant(entity) ? 'own' : 'none',
    source: { kind: 'table' },
    schema: 'app',
    table: names.table,
    computed: [],
    unique: [],
    indexes: [],
    noOverlap: [],
    rules: [],
    lifecycle: null,
    actions: [],
    tree: null,
    immutable: true,
    expires: null,
    search: null,
    history: false,
    historyOf: entity.name,
    link: null,
  } as const satisfies Partial<Entity>
}

/** What of a field that the database writes is always the same. */
export const madeField = {
  ...notShown,
  columnType: null,
  optional: false,
  readonly: true,
  builtIn: false,
  default: null,
  from: null,
  pii: false,
  numbering: null,
} as const

/** A text without limits. */
export const anyText: FieldType = {
  kind: 'text',
  format: 'text',
  min: null,
  max: null,
  matches: null,
  ignoreCase: false,
}

/** What an entry says beside the row's values. */
const ownFields: readonly Field[] = [
  {
    ...madeField,
    name: 'revision',
    column: 'revision',
    type: { kind: 'int', min: null, max: null },
    note: 'Counts the changes of a row, from 1.',
  },
  {
    ...madeField,
    name: 'change',
    column: 'change',
    type: { kind: 'choice', enum: historyEnum, values: historyChanges },
    note: 'What was done.',
  },
  { ...madeField, name: 'changedAt', column: 'changed_at', type: { kind: 'datetime' }, note: 'When it was done.' },
  {
    ...madeField,
    name: 'changed',
    column: 'changed',
    type: { kind: 'list', of: anyText, min: null, max: null },
    note: 'Names of the fields and relations that have another value than before.',
  },
]

/** What an entry has of its own, beside the values of the row, with the columns. */
export function ownHistoryParts(entity: Entity): readonly Pick<Field | ToOne, 'name' | 'column'>[] {
  return [...ownFields, rowRelation(entity), toOne(changedBy, entity.name)]
}

/** A row that is gone for good takes its changes along. */
function rowRelation(entity: Entity): ToOne {
  const { row } = historyNames(entity)
  return { ...toOne(row, entity.name), note: 'The row that was changed, as it is now.', onDelete: 'cascade' }
}

/** People of one tenant are nobody to the others: changes of rows of all tenants have no name then. */
export function whoRelation(entity: Entity, people: Entity | null, name: string = changedBy): readonly ToOne[] {
  if (people === null || (hasTenant(people) && !hasTenant(entity))) return []
  const note = 'Who changed it; nobody where the app knows no such caller, or where that one was deleted.'
  return [{ ...toOne(name, people.name), note, optional: true, onDelete: 'setNull' }]
}

/** A to-one that leads from a change. */
export function toOne(name: string, to: string): ToOne {
  return { ...madeToOne(name, to), column: fitIdentifier(`${snakeCase(name)}_id`) }
}

/** What was declared of the row, and its state. A value may be missing: what came later is unknown of older changes. */
function keptFields({ name, fields, key }: Entity): readonly Field[] {
  const of = fields.filter((field) => (!field.builtIn || field.name === 'status') && !key.includes(field.name))
  return of.flatMap((field) => keptField(field, `${name}History`))
}

/** What tells something about a person is not kept; of a secret there is nothing to keep. */
function keptField(field: Field, owner: string): readonly Field[] {
  if (field.pii || field.type.kind === 'secret') return []
  const { name, column, columnType, note, label, deprecated, ui } = field
  const known = { ...madeField, name, column, columnType, note, label, deprecated, ui, optional: true }
  if (!isEmbed(field)) return [{ ...known, type: keptType(field.type, `${owner}${upperFirst(name)}`) }]
  const object = `${owner}${upperFirst(name)}`
  const parts = field.type.fields.flatMap((part) => keptField(part, object))
  return parts.length === 0 ? [] : [{ ...known, type: { kind: 'embed', object, fields: parts } }]
}

/** Without limits, and with texts for choices: an old value stays what it was when the model has gone on. */
function keptType(type: FieldType, name: string): FieldType {
  const unlimited = { min: null, max: null }
  switch (type.kind) {
    case 'text':
    case 'choice':
      return anyText
    case 'list':
      return { ...type, ...unlimited, of: keptType(type.of, name) }
    case 'shape': {
      const parts = type.parts.map(
        (part): ShapePart => ({
          ...part,
          optional: true,
          type: keptType(part.type, `${name}${upperFirst(part.name)}`),
        }),
      )
      return { ...type, name, parts }
    }
    case 'dict':
      return { ...type, max: null, values: type.values === null ? null : keptType(type.values, name) }
    case 'int':
    case 'int64':
    case 'float':
    case 'decimal':
    case 'money':
    case 'duration':
      return { ...type, ...unlimited }
    default:
      return type
  }
}

/** They lead where they led, whatever became of the target: no foreign key holds them. */
function keptRelations(entity: Entity): readonly ToOne[] {
  return toOnesOf(entity)
    .filter(({ name }) => !entity.key.includes(name))
    .map(({ name, to, column, note, label, deprecated, ui }) => ({
      ...toOne(name, to),
      ...{ note, label, deprecated, ui, column },
      optional: true,
      onDelete: 'setNull',
    }))
}
