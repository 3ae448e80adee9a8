import type { RowValue, RuleTrace, Truth } from '../evaluate/decision.ts'
import { allWords, type ExplainedDecision, type ExplainedTrace, type TracedClause } from './explain-decision.ts'
import { type Line, line, linesText } from './line.ts'
import { listed, spaced } from './names.ts'

/** The rules of a decision as text: a tick where a rule or a clause holds, a cross where it does not, `?` where nobody knows. */
export function decisionText({ rules, verb }: ExplainedDecision): string {
  if (rules.length === 0) return `No rule speaks of ${spaced(verb)}.\n`
  return linesText(rules.map(ruleLine))
}

function mark(truth: Truth): string {
  return truth === null ? '?' : truth ? '✓' : '✗'
}

function ruleLine(rule: ExplainedTrace): Line {
  const { effect, title, audience } = rule
  if (!audience) return line(`✗ ${effect} "${title}": for ${rule.for}, not for this caller`)
  const under = [...lackLines(rule), ...clausesOf(rule), ...fieldLines(rule)]
  return line(`${mark(rule.holds)} ${effect} "${title}": ${outcome(rule)}`, under)
}

function outcome({ effect, holds }: Pick<RuleTrace, 'effect' | 'holds'>): string {
  if (effect === 'allow') return holds ? 'allows it' : 'does not allow it'
  if (effect === 'deny') return holds ? 'stands against it' : 'does not stand against it'
  return holds ? 'its fields are for this caller' : 'its fields are not for this caller'
}

function lackLines({ lacks, effect }: ExplainedTrace): readonly Line[] {
  const values = lacks.filter((name) => name !== 'id')
  const words = [
    ...(lacks.includes('id') ? ['nobody in particular asks'] : []),
    ...(values.length > 0 ? [`the caller lacks ${listed(values.map((name) => `"${name}"`))}`] : []),
  ]
  if (words.length === 0) return []
  const means = effect === 'deny' ? 'a denial stands then' : 'the rule does not hold then'
  return [line(`✗ ${listed(words)}: ${means}`)]
}

function clausesOf({ where, becoming, unless }: ExplainedTrace): readonly Line[] {
  const named: readonly (readonly [string, TracedClause | null])[] = [
    ['if', where],
    ['after the update', becoming],
    ['unless', unless],
  ]
  const some = named.filter(([, clause]) => clause !== null)
  return some.flatMap(([words, clause]) =>
    words === 'if' && some.length === 1 ? clauseLines(clause!) : [line(`${words}:`, clauseLines(clause!))],
  )
}

/** A clause with its parts; keys side by side need no heading. */
export function clauseLines(clause: TracedClause): readonly Line[] {
  return clause.words === allWords && clause.parts.length > 0 ? clause.parts.map(clauseLine) : [clauseLine(clause)]
}

const mostParts = 8

function clauseLine(clause: TracedClause): Line {
  const { parts, truth, words } = clause
  const shown = parts.slice(0, mostParts).map(clauseLine)
  const rest = parts.length > mostParts ? [line(`… and ${parts.length - mostParts} more`)] : []
  const colon = parts.length > 0 ? ':' : ''
  return line(`${mark(truth)} ${words}${valueWords(clause)}${colon}`, [...shown, ...rest])
}

function valueWords({ compared, isOpen }: TracedClause): string {
  if (compared === null) return ''
  const left = shown(compared.left)
  return isOpen ? ` [${left}; compared with ${shown(compared.right)}]` : ` [${left}]`
}

const mostValues = 5

function shown(value: RowValue): string {
  if (value === null) return 'missing'
  if (!Array.isArray(value)) return JSON.stringify(value)
  const list = value as readonly RowValue[]
  if (list.length === 0) return 'none'
  const more = list.length > mostValues ? ` and ${list.length - mostValues} more` : ''
  return `${list.slice(0, mostValues).map(shown).join(', ')}${more}`
}

function fieldLines({ uncovered, preset }: ExplainedTrace): readonly Line[] {
  return [
    ...(uncovered.length > 0 ? [line(`✗ it does not cover ${listed(uncovered.map(spaced))}`)] : []),
    ...(preset.length > 0 ? [line(`✗ it gives ${listed(preset.map(spaced))} itself, another value was given`)] : []),
  ]
}
