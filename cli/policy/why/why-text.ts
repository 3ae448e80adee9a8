import { decisionText, explainDecision, explainWay, wayText } from '#policies'
import type { Model } from '#schema'
import { reasonWords } from '../reason-words.ts'
import type { WhyAnswer, WhyQuestion } from './ask-why.ts'

/** What is told of an answer. */
export interface WhyTelling {
  readonly model: Model
  readonly values: boolean
  readonly bound: number
}

/** Whether Postgres and the evaluator say different things. */
export function disagree({ database, decision }: Pick<WhyAnswer, 'database' | 'decision'>): boolean {
  return decision !== null && database.obstacle === null && database.allowed !== decision.allowed
}

/** The answer for people: what was decided and by what, then each rule with its clauses. */
export function whyText(question: WhyQuestion, answer: WhyAnswer, telling: WhyTelling): string {
  const { database, decision, reading, way } = answer
  const told = decision === null ? null : explainDecision(decision, telling)
  const lines = way === null ? '' : wayText(explainWay(question.entity.name, way, telling))
  const parts = [
    `${headline(question, answer)}\n${askedOf(question, answer)}`,
    ...(disagree(answer) ? [fault(answer)] : []),
    ...(database.obstacle === null ? [] : [`Postgres could not be asked: ${database.obstacle}.`]),
    ...(told === null
      ? [
          `The rules look at more than ${telling.bound} rows: Postgres alone was asked, and clauses are not told. --rows raises the bound.`,
        ]
      : []),
    ...(reading === null ? [] : [`To read it:\n${indented(decisionText(explainDecision(reading, telling)))}`]),
    ...(told === null ? [] : [`To ${question.verb} it:\n${indented(decisionText(told))}`]),
    ...(lines === '' ? [] : [`Of the row itself:\n${indented(lines)}`]),
  ]
  return parts.join('\n\n')
}

function indented(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, '  ')
}

function headline({ entity, verb, id, who }: WhyQuestion, answer: WhyAnswer): string {
  const { database, decision, elsewhere, way } = answer
  const isClosed = way !== null && !way.isOpen
  const isAllowed = isAllowedNow(answer)
  const row = id === null ? `a new ${entity.name}` : `${entity.name} ${id}`
  const why =
    decision === null ? '' : `: ${reasonWords(decision, elsewhere === null ? null : `the tenant ${elsewhere.slug}`)}`
  return `${isAllowed ? '✓' : '✗'} ${who.name} ${isAllowed ? 'may' : 'may not'} ${verb} ${row}${why}${isClosed && (database.allowed || decision?.allowed === true) ? ', but the row is not so that it can be done now' : ''}.`
}

/** Whether the rules allow it, and the row is so that it can be done. */
function isAllowedNow({ database, decision, way }: WhyAnswer): boolean {
  const isAllowed = database.obstacle === null ? database.allowed : decision?.allowed === true
  return isAllowed && (way === null || way.isOpen)
}

function askedOf({ who }: WhyQuestion, { rows }: WhyAnswer): string {
  const { caller, tenant, knowsRoles } = who
  const roles =
    caller.roles === null
      ? 'not signed in'
      : caller.roles.length === 0
        ? 'no roles'
        : `roles: ${caller.roles.join(', ')}`
  const hint = knowsRoles ? '' : ' (none are known of this person: say them with --roles)'
  const place = tenant === null || caller.tenant === null ? '' : `, tenant ${tenant.slug}`
  const claims = Object.keys(caller.claims)
  const more = claims.length === 0 ? '' : `, claims: ${claims.join(', ')}`
  return `  ${roles}${hint}${place}${more}; ${rows} ${rows === 1 ? 'row was' : 'rows were'} looked at`
}

function fault({ database, decision }: WhyAnswer): string {
  const says = (allowed: boolean): string => (allowed ? 'yes' : 'no')
  return [
    '!!! This is a fault of Rowhouse: the two must never differ.',
    `!!! Postgres says ${says(database.allowed)}, the evaluator ${says(decision?.allowed === true)}.`,
    '!!! Postgres decides. Please report it with what --json prints, without the values that you keep to yourself.',
  ].join('\n')
}

/** The answer for programs. */
export function whyJson(question: WhyQuestion, answer: WhyAnswer, telling: WhyTelling): object {
  const { entity, verb, id, values, who } = question
  const { database, decision, reading, way, elsewhere, rows } = answer
  const { claims, ...caller } = who.caller
  return {
    ...{ entity: entity.name, verb, id, set: values, rows },
    as: { name: who.name, ...caller, claims: telling.values ? claims : Object.keys(claims) },
    allowed: isAllowedNow(answer),
    ...{ database: database.obstacle === null ? database.allowed : null, obstacle: database.obstacle },
    ...{ evaluated: decision?.allowed ?? null, disagree: disagree(answer), tenantOfRow: elsewhere?.slug ?? null },
    decision: decision === null ? null : explainDecision(decision, telling),
    way: way === null ? null : explainWay(entity.name, way, telling),
    reading: reading === null ? null : explainDecision(reading, telling),
  }
}
