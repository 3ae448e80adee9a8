import type { Condition, Fact, Operand } from '#schema'
import { type Clause, says } from './clause.ts'
import { operators } from './comparison-clause.ts'
import { actorValue, listed } from './names.ts'
import { operandWords, secondsWords, valueWords } from './operand-words.ts'
import { entityNamed, type Place } from './place.ts'

/** Says a condition of a row. */
type Say = (condition: Condition, place: Place) => Clause

/**
 * Something about the caller, the tenant or the request, in English.
 *
 * @param say for conditions of the caller's row, or of the tenant's
 */
export function factClause(fact: Fact, place: Place, say: Say): Clause {
  switch (fact.about) {
    case 'caller':
    case 'tenant': {
      const at = factPlace(fact.about, place)
      return at === null ? says(`the ${fact.about} is as the rule says`) : say(fact.where, at)
    }
    case 'role':
      return says(
        `the caller is ${listed(fact.roles, 'or')}, or has a role that includes ${fact.roles.length > 1 ? 'one of them' : 'it'}`,
      )
    case 'claim':
      return says(`actor.${fact.on} ${operators[fact.op]} ${claimOperand(fact.on, fact.to, place)}`)
    case 'request':
      return says(requestWords(fact, place))
  }
}

/** The caller's own row, or the row of the tenant, as a place. */
export function factPlace(about: 'caller' | 'tenant', place: Place): Place | null {
  return ofRow(about === 'caller' ? (place.model.actor?.entity ?? null) : tenantEntity(place), `the ${about}`, place)
}

function ofRow(name: string | null, itself: string, place: Place): Place | null {
  const entity = name === null ? null : entityNamed(place, name)
  return entity === null ? null : { ...place, entity, whose: `${itself}'s `, itself, missing: [] }
}

function tenantEntity({ model }: Place): string | null {
  return model.entities.find(({ tenancy }) => tenancy === 'self')?.name ?? null
}

function claimOperand(name: string, to: Operand, place: Place): string {
  const value = actorValue(place.model, name)
  const type = value?.kind === 'claim' ? value.type : null
  if (to.kind === 'value') return to.value === null ? 'missing' : valueWords(to.value, type)
  if (to.kind === 'list')
    return listed(
      to.values.map((each) => valueWords(each, type)),
      'or',
    )
  return operandWords(to, '', place)
}

function requestWords({ on, op, to }: Extract<Fact, { readonly about: 'request' }>, place: Place): string {
  const values = to.kind === 'list' ? to.values : to.kind === 'value' && to.value !== null ? [to.value] : []
  const list = listed(values.map(String), 'or')
  const words = list === '' ? operandWords(to, '', place) : list
  const compare = op === 'inside' ? 'is inside' : operators[op]
  switch (on) {
    case 'mfa':
      return `the caller ${(op === 'isNot') === (values[0] === true) ? 'did not sign in' : 'signed in'} with a second factor`
    case 'ip':
      return `the address of the request ${compare} ${words}`
    case 'hour':
      return `the hour of the day (in UTC, 0 to 23) ${compare} ${words}`
    case 'weekday':
      return `the day of the week (in UTC) ${compare} ${listed(
        values.map((day) => weekdays[String(day)] ?? String(day)),
        'or',
      )}`
    case 'signedInFor':
      return `the time since the caller signed in ${compare} ${values.map((value) => listed(secondsWords(Number(value)))).join(' or ') || words}`
  }
}

const weekdays: Readonly<Record<string, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
}
