import type { EntityName } from '#schema'
import type { ScriptContext, ScriptVerb } from '../types/context.ts'

/** What a file of `scripts/` exports as its default. */
export type Script<N extends EntityName, V extends ScriptVerb<N>> = (context: ScriptContext<N, V>) => unknown

/**
 * The script of a file: `export default script<'Order', 'duplicate'>(async ({ db, row, input }) => …)`. `N` is the entity whose row it is given, `V` the action
 * whose input; without them both are loose. What it returns, plain data, is its output.
 */
export function script<const N extends EntityName = EntityName, const V extends ScriptVerb<N> = ScriptVerb<N>>(
  run: Script<N, V>,
): Script<N, V> {
  return run
}
