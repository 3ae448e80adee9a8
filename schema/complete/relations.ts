import { snakeCase } from '#base'
import { kindOf, type RelationDeclaration } from '../dsl/declaration.ts'
import type { Problems } from '../load/problems.ts'
import type { ModelPath, Relation, ToOne } from '../model/model.ts'
import { type Options, readOptions } from './options.ts'

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
    if (kindOf(given) === 'relation') return [completeRelation(given as RelationDeclaration, at, problems)]
    problems.report('OPTION_INVALID', { path: at }, `"${name}" must be a relation, such as one('Customer').`)
    return []
  })
}

function completeRelation(given: RelationDeclaration, path: ModelPath, problems: Problems): CompletedRelation {
  const options = readOptions(given.options, path, problems)
  const unique = given.kind === 'one' && options.flag('unique')
  const relation = readRelation(given, options, path)
  options.done({ link: 'Links are not supported yet: write the entity in between.', was: 'Not supported yet.' })
  return { relation, unique }
}

function readRelation(given: RelationDeclaration, options: Options, path: ModelPath): Relation {
  const name = String(path.at(-1))
  const to = String(given.to)
  const note = options.text('note')
  if (given.kind === 'one') return toOne(name, to, note, options)
  const by = options.word('by')
  if (given.kind === 'hasOne') return { kind: 'hasOne', name, to, by: by ?? '', note }
  const through = options.word('through')
  const [from, toward] = [options.word('from'), options.word('to')]
  if (through !== null && by === null)
    return { kind: 'through', name, to, through, from: from ?? '', toward: toward ?? '', note }
  return { kind: 'many', name, to, by: by ?? '', note }
}

function toOne(name: string, to: string, note: string | null, options: Options): ToOne {
  const optional = options.flag('optional')
  const onDelete = options.oneOf('onDelete', ['restrict', 'cascade', 'setNull']) ?? 'restrict'
  const onRemove = options.oneOf('onRemove', ['restrict', 'cascade', 'keep']) ?? (optional ? 'keep' : 'restrict')
  const byActor = options.oneOf('default', ['actor']) !== null
  // To-one relations are indexed anyhow.
  options.flag('index')
  return {
    kind: 'one',
    name,
    to,
    column: `${snakeCase(name)}_id`,
    optional,
    readonly: options.flag('readonly'),
    onDelete,
    onRemove,
    default: byActor ? { kind: 'actor' } : null,
    note,
    inverse: null,
  }
}
