import type { DraftNames } from './draft-names.ts'
import type { Link } from './links.ts'
import type { Surveyed } from './survey.ts'

/** What an app was drafted from. */
export interface Drafting {
  readonly tables: readonly Surveyed[]
  readonly links: readonly Link[]
  readonly names: DraftNames
}

/** A part of a drafted entity, and the code of what a verifier says of it. */
export interface DraftedPart {
  readonly entity: string
  /** `['fields', 'total', 'default']` */
  readonly part: readonly (string | number)[]
  readonly code: string
}

interface Place extends Omit<DraftedPart, 'entity'> {
  readonly table: Surveyed
  /** It is called otherwise then, and stays. */
  readonly isName: boolean
}

/** What of the database a part of the model was made of, as refusals name it; the table where nothing smaller is known. */
export function sourceOfPart(drafting: Drafting, drafted: DraftedPart): readonly string[] {
  const { entity, part, code } = drafted
  const table = drafting.tables.find((each) => drafting.names.entities.get(each)!.name === entity)
  if (table === undefined) return []
  const isName = code === 'NAME_CLASH' || code === 'NAME_RESERVED' || code === 'NAME_INVALID'
  const place: Place = { table, part, code, isName }
  const ofMember = sourceOfField(drafting, place) ?? sourceOfRelation(drafting, place) ?? sourceOfKey(drafting, place)
  if (ofMember !== null) return ofMember
  return [isName && (part.length === 0 || part[0] === 'plural') ? `name:${table.at}:${entity}` : `table:${table.at}`]
}

function sourceOfField({ names }: Drafting, { table, part, isName }: Place): readonly string[] | null {
  const [kind, name, option] = part
  const member = table.columns.find(({ at }) => names.members.get(at) === name)
  if (kind !== 'fields' || member === undefined) return null
  if (isName) return [`name:${member.at}:${name}`]
  if (option === 'default') return [`default:${member.at}`]
  const isLimit = option === 'min' || option === 'max' || option === 'values'
  const checks = table.table.constraints.filter(
    (each) => isLimit && each.kind === 'c' && each.columns.includes(member.column.name),
  )
  return checks.length > 0 ? checks.map((each) => `check:${table.at}.${each.name}`) : [`column:${member.at}`]
}

function sourceOfRelation({ links, names }: Drafting, { table, part, isName }: Place): readonly string[] | null {
  const [kind, name] = part
  if (kind !== 'relations') return null
  const link = links.find(({ from, column }) => from === table && names.members.get(column.at) === name)
  if (link !== undefined)
    return [isName ? `name:${link.column.at}:${name}` : `link:${table.at}.${link.constraint.name}`]
  const back = links.find((each) => each.to === table && names.inverses.get(each) === name)
  if (back !== undefined) return [isName ? `name:inverse:${keyOf(back)}:${name}` : `link:${keyOf(back)}`]
  const way = names.throughs.find((each) => each.back.to === table && each.name === name)
  if (way === undefined) return null
  const through = `through:${keyOf(way.back)}`
  return [isName ? `name:${through}:${name}` : `way:${through}`]
}

function sourceOfKey({ names }: Drafting, { table, part, code }: Place): readonly string[] | null {
  const [kind, index] = part
  if (kind !== 'key' || table.key.length === 0 || code !== 'ENTITY_KEY_INVALID' || typeof index !== 'number')
    return null
  const at = `${table.at}.${table.key[index]}`
  return [`name:${at}:${names.members.get(at)}`]
}

function keyOf({ from, constraint }: Link): string {
  return `${from.at}.${constraint.name}`
}
