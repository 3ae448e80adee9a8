import { snakeCase } from '#base'
import { kindOf, type RelationDeclaration } from '../dsl/declaration.ts'
import type { Problems } from '../load/problems.ts'
import type { ModelPath, Relation, Shown, ToOne } from '../model/model.ts'
import { type Options, readOptions } from './options.ts'
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
    if (kindOf(given) === 'relation') return [completeRelation(given as RelationDeclaration, at, problems)]
    problems.report('OPTION_INVALID', { path: at }, `"${name}" must be a relation, such as one('Customer').`)
    return []
  })
}

function completeRelation(given: RelationDeclaration, path: ModelPath, problems: Problems): CompletedRelation {
  const options = readOptions(given.options, path, problems)
  const unique = given.kind === 'one' && options.flag('unique')
  const relation = readRelation(given, options, readShown(options, problems))
  options.done({ link: 'Links are not supported yet: write the entity in between.', was: 'Not supported yet.' })
  return { relation, unique }
}

function readRelation(given: RelationDeclaration, options: Options, shown: Shown): Relation {
  const name = String(options.path.at(-1))
  const to = String(given.to)
  if (given.kind === 'one') return toOne(name, to, shown, options)
  const by = options.word('by')
  if (given.kind === 'hasOne') return { ...shown, kind: 'hasOne', name, to, by: by ?? '' }
  const through = options.word('through')
  const [from, toward] = [options.word('from'), options.word('to')]
  if (through !== null && by === null)
    return { ...shown, kind: 'through', name, to, through, from: from ?? '', toward: toward ?? '' }
  return { ...shown, kind: 'many', name, to, by: by ?? '' }
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
    same: null,
    inverse: null,
  }
}
