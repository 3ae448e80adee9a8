import { snakeCase } from '#base'
import { kindOf, type RelationDeclaration } from '../dsl/declaration.ts'
import type { Problems } from '../load/problems.ts'
import type { ModelPath, Relation, Shown, ToOne } from '../model/model.ts'
import { readSqlName } from './column.ts'
import { linkNames, linkTableOf } from './links.ts'
import { expandOneOf, oneOfPart, readTargets } from './one-of.ts'
import { type Options, readOptions } from './options.ts'
import { partOf, readSame } from './part-of.ts'
import { readShown } from './shown.ts'

/** A relation by itself; what depends on other entities is filled in by {@link linkRelations}. */
export interface CompletedRelation {
  readonly relation: Relation
  readonly unique: boolean
}

/** Reads relations by name, in order. */
export function completeRelations(
  entries: readonly (readonly [string, unknown])[],
  path: ModelPath,
  problems: Problems,
): readonly CompletedRelation[] {
  return entries.flatMap(([name, given]) => {
    const at = [...path, name]
    if (kindOf(given) === 'relation') return completeRelation(given as RelationDeclaration, at, problems)
    problems.report('OPTION_INVALID', { path: at }, `"${name}" must be a relation, such as one('Customer').`)
    return []
  })
}

function completeRelation(
  given: RelationDeclaration,
  path: ModelPath,
  problems: Problems,
): readonly CompletedRelation[] {
  const options = readOptions(given.options, path, problems)
  const unique = (given.kind === 'one' || given.kind === 'partOf') && options.flag('unique')
  const shown = readShown(options, problems)
  const relations =
    given.kind === 'oneOf'
      ? oneOf(readTargets(given.to, path, problems), shown, refuseDefault(options, problems))
      : [readRelation(given, options, shown, problems)]
  options.done({ was: 'Not supported yet.' })
  return relations.map((relation) => ({ relation, unique }))
}

/** `by`, `through`, `link`, `up` and `down` are ways, of which a relation goes one. */
function reportSeveralWays({ to, options }: RelationDeclaration, path: ModelPath, problems: Problems): void {
  const ways = ['by', 'through', 'link', 'up', 'down'].filter((way) => Object.hasOwn(options ?? {}, way))
  if (ways.length < 2) return
  const forms = {
    by: "by: '…'",
    through: "through: '…'",
    link: 'link: true',
    up: "up: '…'",
    down: "down: '…'",
  } as const
  const lines = ways.map((way) => `\`many('${String(to)}', { ${forms[way as keyof typeof forms]} })\``)
  const message = `This says ${ways.map((way) => `"${way}"`).join(' and ')} at once.`
  problems.report('RELATION_WAY_UNCLEAR', { path: [...path, ways[1]!], part: 'key' }, message, {
    hint: `Write ${lines.join(' or ')}.`,
  })
}

function refuseDefault(options: Options, problems: Problems): Options {
  if (options.raw('default') !== undefined) {
    const message = 'What would it default to? Of several targets none is the default.'
    problems.report('RELATION_ONE_OF_INVALID', { path: [...options.path, 'default'], part: 'key' }, message)
  }
  return options
}

function oneOf(targets: readonly string[], shown: Shown, options: Options): readonly Relation[] {
  const name = String(options.path.at(-1))
  const { to: _, column: __, ...shape } = { ...toOne(name, '', shown, options), default: null }
  return expandOneOf(
    shown,
    shape,
    targets.map((to) => ({ to, column: `${snakeCase(oneOfPart(name, to))}_id` })),
  )
}

function readRelation(given: RelationDeclaration, options: Options, shown: Shown, problems: Problems): Relation {
  const name = String(options.path.at(-1))
  const to = String(given.to)
  if (given.kind === 'one')
    return { ...toOne(name, to, shown, options), column: readLinkColumn(name, options, problems) }
  if (given.kind === 'many') reportSeveralWays(given, options.path, problems)
  if (given.kind === 'partOf') return partOf(name, to, shown, options)
  const by = options.word('by')
  if (given.kind === 'hasOne') return { ...shown, kind: 'hasOne', name, to, by: by ?? '' }
  const through = options.word('through')
  const [from, toward] = [options.word('from'), options.word('to')]
  if (options.flag('link')) return link(given, shown, options)
  const [up, down] = [options.word('up'), options.word('down')]
  if (by === null && through === null && (up !== null || down !== null))
    return { ...shown, kind: 'lineage', name, to, by: up ?? down ?? '', way: up === null ? 'down' : 'up' }
  if (through !== null && by === null)
    return { ...shown, kind: 'through', name, to, through, from: from ?? '', toward: toward ?? '' }
  return { ...shown, kind: 'many', name, to, by: by ?? '' }
}

/** Its two ends are those of the entity in between, which {@link linkEntities} makes. */
function link(given: RelationDeclaration, shown: Shown, options: Options): Relation {
  const to = String(given.to)
  options.word('linkTable')
  const names = linkNames({ entity: String(options.path[0]), to, linkTable: linkTableOf(given.options) })
  const name = String(options.path.at(-1))
  return { ...shown, kind: 'through', name, to, through: names.entity, from: names.from, toward: names.toward }
}

/** `column: 'reports_to'`; absent: `manager` → `manager_id`. Its type is that of the target's key. */
function readLinkColumn(name: string, options: Options, problems: Problems): string {
  const given = options.raw('column')
  const usual = `${snakeCase(name)}_id`
  return given === undefined ? usual : (readSqlName(given, [...options.path, 'column'], problems) ?? usual)
}

function toOne(name: string, to: string, shown: Shown, options: Options): ToOne {
  const optional = options.flag('optional')
  const onDelete = options.oneOf('onDelete', ['restrict', 'cascade', 'setNull']) ?? 'restrict'
  const onRemove = options.oneOf('onRemove', ['restrict', 'cascade', 'keep']) ?? (optional ? 'keep' : 'restrict')
  const byActor = options.oneOf('default', ['actor']) !== null
  // To-one relations are indexed anyhow.
  options.flag('index')
  return {
    ...shown,
    kind: 'one',
    name,
    to,
    column: `${snakeCase(name)}_id`,
    optional,
    readonly: options.flag('readonly'),
    onDelete,
    onRemove,
    default: byActor ? { kind: 'actor' } : null,
    part: false,
    position: null,
    same: readSame(options),
    inverse: null,
  }
}
