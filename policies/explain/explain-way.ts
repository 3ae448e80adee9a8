import type { WayTrace } from '../evaluate/trace-way.ts'
import { clauseLines } from './decision-text.ts'
import { type DecisionTelling, explainClause, type TracedClause } from './explain-decision.ts'
import { line, linesText } from './line.ts'
import { listed, spaced } from './names.ts'

/** What stands in the way of a verb, in English. */
export interface ExplainedWay extends Omit<WayTrace, 'when'> {
  readonly when: TracedClause | null
}

/** Says what the guard of a verb came to. */
export function explainWay(entity: string, way: WayTrace, telling: DecisionTelling): ExplainedWay {
  return { ...way, when: way.when === null ? null : explainClause(entity, way.when, telling) }
}

/** The same as lines: a tick where it lets the row pass, a cross where it does not. */
export function wayText({ state, when, missing }: ExplainedWay): string {
  const quoted = (names: readonly string[]) =>
    listed(
      names.map((name) => JSON.stringify(name)),
      'or',
    )
  return linesText([
    ...(state === null
      ? []
      : [
          line(
            `${state.from.includes(state.is) ? '✓' : '✗'} its state is ${quoted(state.from)} [${quoted([state.is])}]`,
          ),
        ]),
    ...(when === null ? [] : [line('when:', clauseLines(when))]),
    ...(missing.length === 0 || state === null
      ? []
      : [line(`✗ "${state.to}" requires ${listed(missing.map(spaced))}, which it does not have`)]),
  ])
}
