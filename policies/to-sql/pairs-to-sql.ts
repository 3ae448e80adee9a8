import { Bug, type Sql } from '#base'
import type { ManyPath, Path } from '#schema'
import type { ModelIndex } from './model-index.ts'
import type { PairSet } from './related-set.ts'
import type { CompileCondition, Scope } from './scope.ts'

export function pairsToSql(_condition: Path | ManyPath, _scope: Scope, _test: CompileCondition): Sql | null {
  return null
}

export function pairsQuery(
  _set: PairSet,
  _index: ModelIndex,
  _test: CompileCondition,
): { readonly types: readonly string[]; readonly body: Sql } {
  throw new Bug('no pairs')
}
