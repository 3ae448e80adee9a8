import { snakeCase } from '#base'
import { declare, type EntityDeclaration, type RelationDeclaration } from '#schema'
import { columnOption, draftField, limitFields } from './draft-fields.ts'
import type { DraftNames } from './draft-names.ts'
import { readUniques, unindexed } from './draft-uniques.ts'
import { type Finding, finding } from './finding.ts'
import { unsaidParts } from './leftovers.ts'
import type { Link } from './links.ts'
import type { Refusals, Surveyed, SurveyedColumn } from './survey.ts'
import { memberName, typeName, wordsOf } from './words.ts'

/** What entities are drafted from. */
export interface DraftPlace {
  readonly names: DraftNames
  readonly links: readonly Link[]
  readonly refused: Refusals
}

/** The call of `entity` for a table, and what it does not say. */
export interface DraftedEntity {
  readonly declaration: EntityDeclaration
  readonly findings: readonly Finding[]
}

/** Drafts the entity of a table. */
export function draftEntity(table: Surveyed, place: DraftPlace): DraftedEntity {
  const { names, refused } = place
  const findings: Finding[] = []
  const links = place.links.filter(({ from }) => from === table)
  const limits = limitFields(table, new Set(links.map(({ column }) => column.at)), refused)
  const linked = new Set(links.map(({ column }) => column.column.name))
  const uniques = readUniques(table, linked, refused)
  for (const column of unindexed(table, linked))
    findings.push(finding('LINK_UNINDEXED', `${table.at}.${column}`, 'no index begins with it'))
  const singles = new Set(uniques.lists.flatMap((list) => (list.length === 1 ? list : [])))
  for (const { isUnique, column } of links) if (isUnique) singles.add(column.column.name)
  const fields = table.columns
    .filter(({ at, as }) => as === 'field' && !links.some(({ column }) => column.at === at))
    .map((each) => {
      const name = names.members.get(each.at)!
      noteRename(each, name, findings)
      const isUnique = singles.has(each.column.name)
      const field = limits.fields.get(each.column.name)!
      return [name, draftField(each, field, { name, isUnique, refused, findings })] as const
    })
  for (const each of table.columns.filter(({ as }) => as !== 'field')) reportKept(each, findings)
  for (const { column } of links) reportLinkColumn(column, findings)
  const { name, plural } = names.entities.get(table)!
  const relations = [
    ...links.map((link) => toOne(link, singles, names)),
    ...waysBack(table, place),
    ...ways(table, place),
  ]
  const named = (column: string) => names.members.get(`${table.at}.${column}`)!
  const lists = uniques.lists.filter((list) => list.length > 1).map((list) => list.map(named))
  const definition = {
    ...(table.table.comment === null ? {} : { note: table.table.comment }),
    ...(plural.startsWith('All') ? { plural } : {}),
    ...displayOf(table, links, named),
    adopt: table.at,
    tenant:
      table.tenant === null ? false : { column: table.tenant.column, ...(table.tenant.inKey ? { inKey: true } : {}) },
    ...keyOf(table, named),
    ...builtInsOf(table),
    fields: Object.fromEntries(fields),
    ...(relations.length === 0 ? {} : { relations: Object.fromEntries(relations) }),
    ...(lists.length === 0 ? {} : { unique: lists }),
  }
  return {
    declaration: declare('entity', { name, definition, at: null }),
    findings: [...findings, ...limits.findings, ...uniques.findings, ...unsaidParts(table)],
  }
}

/** A name that is not the column's own, so that nobody looks for it. */
function noteRename({ column, at }: SurveyedColumn, name: string, findings: Finding[]): void {
  if (name !== memberName(column.name)) findings.push(finding('NAME_CHANGED', at, `called "${name}"`))
}

/** What Rowhouse keeps by itself, and what the column said about it. */
function reportKept({ column, at, as, field }: SurveyedColumn, findings: Finding[]): void {
  if (column.settings.length > 0) findings.push(finding('SETTING', at, column.settings.join(', ')))
  if (column.comment !== null) findings.push(finding('COMMENT', at, `comment on column: ${column.comment}`))
  if (as === 'id') {
    if (column.default !== null && !column.isSerial)
      findings.push(finding('DEFAULT_DIFFERS', at, `default ${column.default}`, 'A uuid of version 7.'))
    if (column.identity === 'always')
      findings.push(finding('IDENTITY', at, 'generated always as identity', 'Seeds cannot bring numbers of their own.'))
    return
  }
  findings.push(finding('BUILT_IN', at, `kept as "${as}"`))
  if (field.assumes !== null) findings.push(finding(field.assumes, at, column.type))
  const isNow =
    column.default !== null && /^(now\(\)|CURRENT_TIMESTAMP|timezone\('utc'::text, now\(\)\))$/.test(column.default)
  if (column.default !== null && !(isNow && as !== 'deletedAt'))
    findings.push(finding('DEFAULT', at, `default ${column.default}`))
}

function reportLinkColumn({ column, at }: SurveyedColumn, findings: Finding[]): void {
  if (column.settings.length > 0) findings.push(finding('SETTING', at, column.settings.join(', ')))
  if (column.identity !== null) findings.push(finding('IDENTITY', at, `generated ${column.identity} as identity`))
  if (column.default !== null && !/^NULL(::.*)?$/s.test(column.default))
    findings.push(finding('DEFAULT', at, `default ${column.default}`, 'Relations default to the caller alone.'))
}

type Named = readonly [string, RelationDeclaration]

function toOne({ column, to, onDelete }: Link, singles: ReadonlySet<string>, names: DraftNames): Named {
  const name = names.members.get(column.at)!
  const usual = `${snakeCase(name)}_id`
  const own = column.column.name
  const options = {
    ...(own === usual ? {} : { column: own }),
    ...(column.column.notNull ? {} : { optional: true }),
    ...(onDelete === 'restrict' ? {} : { onDelete }),
    ...(singles.has(own) ? { unique: true } : {}),
    ...(column.column.comment === null ? {} : { note: column.column.comment }),
  }
  return [name, declare('relation', { kind: 'one', to: names.entities.get(to)!.name, options })]
}

/** The other sides of the links that lead here. */
function waysBack(table: Surveyed, { links, names }: DraftPlace): readonly Named[] {
  return links
    .filter(({ to }) => to === table)
    .map((link) => {
      const kind = link.isUnique ? 'hasOne' : 'many'
      const options = { by: names.members.get(link.column.at)! }
      const to = names.entities.get(link.from)!.name
      return [names.inverses.get(link)!, declare<RelationDeclaration>('relation', { kind, to, options })]
    })
}

function ways(table: Surveyed, { names }: DraftPlace): readonly Named[] {
  return names.throughs
    .filter(({ back }) => back.to === table)
    .map(({ name, back, onward }) => {
      const options = {
        through: names.entities.get(back.from)!.name,
        from: names.members.get(back.column.at)!,
        to: names.members.get(onward.column.at)!,
      }
      const to = names.entities.get(onward.to)!.name
      return [name, declare<RelationDeclaration>('relation', { kind: 'many', to, options })]
    })
}

function keyOf(table: Surveyed, named: (column: string) => string): Readonly<Record<string, unknown>> {
  const id = table.columns.find(({ as }) => as === 'id')
  if (id === undefined) return { key: table.key.length === 1 ? named(table.key[0]!) : table.key.map(named) }
  const { name, type } = id.column
  const word =
    id.field.builder === 'uuid' ? 'uuid' : type === 'bigint' ? 'int64' : type === 'smallint' ? 'int16' : 'int32'
  if (name !== 'id') return { id: { column: name, type: word } }
  return word === 'uuid' ? {} : { id: word }
}

function builtInsOf(table: Surveyed): Readonly<Record<string, unknown>> {
  const moments = table.columns.filter(({ as }) => as !== 'field' && as !== 'id')
  if (moments.length === 0) return {}
  const entries = moments.map(({ as, column, field }) => {
    const { column: place } = columnOption(as, column.name, field.columnType)
    return [as, place ?? column.name]
  })
  return { builtIns: Object.fromEntries(entries) }
}

const names: readonly string[] = ['name', 'title', 'fullName', 'displayName', 'label', 'subject']

/** The text that people would call a row by, or nothing where none is sure to be that. */
function displayOf(
  table: Surveyed,
  links: readonly Link[],
  named: (column: string) => string,
): Readonly<Record<string, unknown>> {
  const texts = table.columns.filter(
    ({ as, field, at }) =>
      as === 'field' && ['text', 'string'].includes(field.builder) && !links.some(({ column }) => column.at === at),
  )
  const own = wordsOf(typeName(table.table.name)).at(-1) ?? ''
  const usual = (name: string) => texts.find(({ column }) => memberName(column.name) === name)
  const found =
    usual('name') ??
    // The title of a person is none of the row.
    (usual('lastName') === undefined ? names.map(usual).find((each) => each?.column.notNull === true) : undefined) ??
    usual(`${own}Name`) ??
    usual(`${own}Title`) ??
    usual(`${own}Description`) ??
    usual('lastName') ??
    usual('companyName') ??
    usual('userName')
  return found === undefined ? {} : { display: named(found.column.name) }
}
