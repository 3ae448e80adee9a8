import type { Condition, Entity, Path } from '#schema'
import { entityOf, type ModelIndex, toOneOf } from '../to-sql/model-index.ts'
import { carriedColumnAt, outermostPaths, whyNotTold } from './carried-columns.ts'
import { splitCarried } from './carried-to-sql.ts'
import { type EndTest, endTestsOf, splitPath } from './split-path.ts'
import type { WhyNotCarried } from './why-not-carried.ts'

/** How row policies answer a path of a condition. */
export interface PathForm {
  readonly path: Path
  /**
   * `carried`: by columns of the row, which an index serves. `array`: the keys that qualify are asked for once per statement, and the index of the
   * relation serves. `hashed`: they are asked for once and looked up by hash for each row that carried columns leave.
   */
  readonly form: 'carried' | 'array' | 'hashed'
  /** Carried columns that are read; beside `hashed` they narrow the rows before. */
  readonly columns: readonly string[]
  /** Tests of a value of the caller at the end of the path that no column answers, and why. */
  readonly notCarried: readonly { readonly path: readonly string[]; readonly why: WhyNotCarried }[]
}

/** The form of each path of a rule's condition that begins at the row itself, in order: what `policy explain` and `policy lint` tell. */
export function pathFormsOf(condition: Condition, entity: Entity, index: ModelIndex): readonly PathForm[] {
  return outermostPaths(condition).map((path) => pathFormOf(path, entity, index))
}

function pathFormOf(path: Path, entity: Entity, index: ModelIndex): PathForm {
  const { told, whole } = splitCarried(path, { entity, index })
  const columns = told === null ? [] : endTestsOf(told).map((test) => carriedColumnAt(entity, test.path, index)!)
  const target = entityOf(index, toOneOf(entity, path.relation).to)
  const all: EndTest[] = []
  splitPath(path.where, [path.relation], target, { index, holds: (test) => all.push(test) > 0 })
  const notCarried = all.flatMap((test) => {
    const why = whyNotTold(entity, test, index)
    return why === null ? [] : [{ path: test.path, why }]
  })
  return {
    path,
    form: whole ? 'carried' : setFormOf(told !== null),
    columns: [...new Set(columns)],
    notCarried,
  }
}

/**
 * How the rows that a path leads to are asked for where columns do not tell all of it. The index of the relation finds the rows that lead to the
 * keys of an array (decision 0043); where a carried column has found the rows already, an array would be gone through for each of them.
 */
export function setFormOf(isNarrowed: boolean): 'array' | 'hashed' {
  return isNarrowed ? 'hashed' : 'array'
}
