import { type Entity, groupOf, isHistory, type Model, type OneOf, type ToOne, toOnesOf, writtenOnes } from '#schema'
import { typeName } from './type-name.ts'

/** Entities and the ways between them, free of any notation. */
export interface EntityDiagram {
  readonly app: string
  readonly entities: readonly DiagramEntity[]
  readonly edges: readonly DiagramEdge[]
}

/** A box. */
export interface DiagramEntity {
  readonly name: string
  readonly tenancy: Entity['tenancy']
  readonly rows: readonly DiagramRow[]
  /** How many fields were left out. */
  readonly hidden: number
}

/** A line in a box. */
export interface DiagramRow {
  readonly name: string
  readonly type: string
  readonly kind: 'field' | 'computed' | 'relation' | 'state'
  readonly optional: boolean
  readonly isKey: boolean
  readonly isUnique: boolean
}

/** A way from the row of one entity to that of another; links go both ways. */
export interface DiagramEdge {
  readonly from: string
  readonly to: string
  /** Name of the relation on `from`. */
  readonly name: string
  readonly kind: 'reference' | 'part' | 'oneOf' | 'link'
  /** How many rows of `from` may lead to the same row of `to`. */
  readonly many: boolean
  /** Whether a row of `from` may lead nowhere. */
  readonly optional: boolean
}

/** How much of each entity is drawn: everything, what tells rows apart and leads elsewhere, or the name. */
export type Detail = 'all' | 'keys' | 'none'

/** What to draw. */
export interface DiagramOptions {
  /** Only these entities, and as keys those that they lead to or that lead to them. Empty: all. */
  readonly focus: readonly string[]
  /** Null: everything while it stays readable. */
  readonly detail: Detail | null
}

/** The entities of a model as boxes and ways. Tables of links are ways; histories are drawn only for those who name them. */
export function entityDiagram(model: Model, { focus, detail }: DiagramOptions): EntityDiagram {
  const entities = model.entities.filter((entity) => entity.link === null && isShown(entity, focus))
  const edges = [...entities.flatMap(edgesOf), ...model.entities.flatMap(linkEdge)]
  const shown = focus.length === 0 ? new Set(entities.map(({ name }) => name)) : neighbours(focus, edges)
  const usual = detail ?? usualDetail(shown.size)
  const drawn = entities.filter(({ name }) => shown.has(name))
  return {
    app: model.app,
    entities: drawn.map((entity) => boxOf(entity, detail ?? detailOf(entity, focus, usual))),
    edges: edges.filter(({ from, to }) => shown.has(from) && shown.has(to)),
  }
}

function isShown(entity: Entity, focus: readonly string[]): boolean {
  return !isHistory(entity) || focus.includes(entity.name)
}

// Measured on drawings: above these a page gets wider than it can be read.
const mostWithFields = 24
const mostWithKeys = 80

function usualDetail(count: number): Detail {
  if (count <= mostWithFields) return 'all'
  return count <= mostWithKeys ? 'keys' : 'none'
}

function detailOf({ name }: Entity, focus: readonly string[], usual: Detail): Detail {
  if (focus.length === 0) return usual
  return focus.includes(name) ? 'all' : 'keys'
}

function neighbours(focus: readonly string[], edges: readonly DiagramEdge[]): ReadonlySet<string> {
  const near = edges.filter(({ from, to }) => focus.includes(from) || focus.includes(to))
  return new Set([...focus, ...near.flatMap(({ from, to }) => [from, to])])
}

function boxOf(entity: Entity, detail: Detail): DiagramEntity {
  const rows = rowsOf(entity)
  const matters = (row: DiagramRow): boolean => row.kind === 'relation' || row.isKey || row.isUnique
  const shown = detail === 'all' ? rows : detail === 'keys' ? rows.filter(matters) : []
  const { name, tenancy } = entity
  return { name, tenancy, rows: shown, hidden: rows.length - shown.length }
}

/** What every entity has (`id`, the instants) says nothing of this one. */
function rowsOf(entity: Entity): readonly DiagramRow[] {
  const fields = entity.fields.filter(({ name, builtIn }) => !builtIn || name === 'status' || isKey(entity, name))
  return [
    ...fields
      .filter(({ name }) => name !== 'id')
      .map(({ name, type, optional, builtIn }): DiagramRow => {
        const isState = builtIn && name === 'status'
        const kind = isState ? 'state' : 'field'
        return { name, type: isState ? 'state' : typeName(type), kind, optional, ...marks(entity, name) }
      }),
    ...entity.computed.map(
      ({ name, type, optional }): DiagramRow => ({
        name,
        type: typeName(type),
        kind: 'computed',
        optional,
        ...marks(entity, name),
      }),
    ),
    ...writtenOnes(entity).map((relation): DiagramRow => {
      const { name } = relation
      return {
        name,
        type: targetOf(relation),
        kind: 'relation',
        optional: relation.optional,
        ...marks(entity, name),
      }
    }),
  ]
}

function marks(entity: Entity, name: string): Pick<DiagramRow, 'isKey' | 'isUnique'> {
  return { isKey: isKey(entity, name), isUnique: isUnique(entity, name) }
}

function isKey({ key }: Entity, name: string): boolean {
  return key.includes(name)
}

function isUnique({ unique, key }: Entity, name: string): boolean {
  return key.join() === name || unique.some(({ on, where }) => where === null && on.join() === name)
}

function targetOf(relation: ToOne | OneOf): string {
  return relation.kind === 'oneOf' ? relation.targets.map(({ to }) => to).join(' | ') : relation.to
}

function edgesOf(entity: Entity): readonly DiagramEdge[] {
  return toOnesOf(entity).map((relation) => {
    const group = groupOf(entity, relation.name)
    const kind = group !== null ? 'oneOf' : relation.part ? 'part' : 'reference'
    return {
      from: entity.name,
      to: relation.to,
      name: group?.name ?? relation.name,
      kind,
      many: !isUnique(entity, relation.name),
      optional: group !== null || relation.optional,
    }
  })
}

function linkEdge(entity: Entity): readonly DiagramEdge[] {
  const { link } = entity
  const [from, to] = toOnesOf(entity)
  if (link === null || from === undefined || to === undefined) return []
  // Nobody but the side that says `link: true` names the relation.
  const ends = from.to === link.entity ? [from.to, to.to] : [to.to, from.to]
  return [{ from: ends[0]!, to: ends[1]!, name: link.relation, kind: 'link', many: true, optional: true }]
}
