import type { Entity, Model, Rule } from '#schema'
import { audienceWords, nobodyWords } from './audience-words.ts'
import { type Clause, clauseLines, clausePhrase } from './clause.ts'
import { conditionClause } from './condition-clause.ts'
import { fieldsWords } from './fields-words.ts'
import { type Line, line } from './line.ts'
import { aRow, capital, listed, partWords, rowWords, spaced } from './names.ts'
import { operandWords } from './operand-words.ts'
import { rowPlace } from './place.ts'

/** The rule in sentences: the first says who may do what and when, the others what goes with it. */
export function ruleLines(rule: Rule, entity: Entity, model: Model): readonly Line[] {
  const [main, when] = partsOf(rule, entity, model)
  const sentences = when === null ? [line(main)] : clauseLines(main, when)
  return [...sentences.map(ended), ...more(rule, entity, model)]
}

/** The same in one line: `Sales may read an order if its customer's region is "eu".` */
export function ruleSentence(rule: Rule, entity: Entity, model: Model): string {
  const [main, when] = partsOf(rule, entity, model)
  const first = when === null ? main : `${main} ${clausePhrase(when)}`
  return [`${first}.`, ...more(rule, entity, model).map(inOneLine)].join(' ')
}

function inOneLine({ text, under }: Line): string {
  return under.length === 0 ? text : `${text} ${under.map(inOneLine).join('; ').replaceAll('- ', '')}`
}

/** A sentence ends with a full stop, unless a list is its end. */
function ended({ text, under }: Line): Line {
  return { text: under.length === 0 && !text.startsWith('- ') ? `${text}.` : text, under }
}

/** The words before the condition, and the condition. */
function partsOf(rule: Rule, entity: Entity, model: Model): readonly [string, Clause | null] {
  const place = rowPlace(model, entity)
  const where = rule.where === null ? null : conditionClause(rule.where, place)
  const what = deedWords(rule, objectOf(rule, entity, where !== null || rule.unless !== null))
  if (rule.effect === 'reserve') return [capital(reserveWords(rule, entity, model)), where]
  if (rule.effect === 'allow') {
    const main = `${capital(audienceWords(rule.audience, model))} may ${what}`
    return where === null ? [main, null] : [`${main} if`, where]
  }
  const main = `${capital(nobodyWords(rule.audience, model))} may ${what}`
  const unless = rule.unless === null ? null : conditionClause(rule.unless, place)
  if (where === null) return unless === null ? [main, null] : [`${main} unless`, unless]
  if (unless === null) return [`${main} if`, where]
  return [`${main} if`, { kind: 'all', parts: [where, { kind: 'about', text: 'this is not so', clause: unless }] }]
}

/** `read or update an order`, `delete an order for good`. */
function deedWords({ verbs }: Pick<Rule, 'verbs'>, object: string): string {
  if (verbs === 'anything') return `do anything with ${object}`
  if (verbs.length === 1 && verbs[0] === 'delete') return `delete ${object} for good`
  return `${listed(
    verbs.map((verb) => (verb === 'delete' ? 'delete (for good)' : spaced(verb))),
    'or',
  )} ${object}`
}

/** A verb as people say it by itself. */
export function verbWords(verb: string): string {
  return verb === 'delete' ? 'delete for good' : spaced(verb)
}

function objectOf({ fields, verbs }: Rule, entity: Entity, isSome: boolean): string {
  const row = isSome ? aRow(entity) : `any ${rowWords(entity)}`
  if (fields === null) return row
  const isCreate = verbs !== 'anything' && verbs.every((verb) => verb === 'create')
  return `${isCreate ? aRow(entity) : row} (${fieldsWords(fields, entity)})`
}

function reserveWords(rule: Rule, entity: Entity, model: Model): string {
  const fields = listed((rule.fields ?? []).map((name) => partWords(entity, name)))
  const verbs = rule.verbs === 'anything' ? 'read or written' : listed(rule.verbs.map(passive), 'or')
  const who = audienceWords(rule.audience, model)
  return `${fields} of ${aRow(entity)} may be ${verbs} by ${who} alone${rule.where === null ? '' : ', if'}`
}

function passive(verb: string): string {
  return { read: 'read', create: 'given to a new row', update: 'changed' }[verb] ?? verb
}

function more(rule: Rule, entity: Entity, model: Model): readonly Line[] {
  return [
    ...afterwards(rule, entity, model),
    ...rule.sets.map((preset) => line(presetWords(preset, entity, model))),
    ...(rule.effect === 'reserve'
      ? [line('This allows nothing by itself; several such rules for a field are alternatives.')]
      : []),
    ...(rule.effect === 'deny' ? [line('This wins over every rule that allows it.')] : []),
    ...(rule.because === null ? [] : [line(`Whoever is refused, and may read the row, is told: ${rule.because}`)]),
  ]
}

/** What an update may leave. */
function afterwards(rule: Rule, entity: Entity, model: Model): readonly Line[] {
  const isUpdate = rule.effect === 'allow' && rule.verbs !== 'anything' && rule.verbs.includes('update')
  if (!isUpdate) return []
  if (rule.becoming === 'anything') return [line('What the row becomes does not matter.')]
  if (rule.becoming === null) return rule.where === null ? [] : [line('The same must hold after an update.')]
  const clause = conditionClause(rule.becoming, rowPlace(model, entity))
  return clauseLines('After the update', clause).map(ended)
}

function presetWords({ name, to }: Rule['sets'][number], entity: Entity, model: Model): string {
  const value = to.kind === 'value' && to.value === null ? 'nothing' : operandWords(to, name, rowPlace(model, entity))
  return `${capital(partWords(entity, name))} becomes ${value}, whatever the caller says.`
}
