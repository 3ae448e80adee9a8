import type { Comparison, Condition, Operand } from '#schema'

/** A condition in English: `status is "draft" and customer.creditLimit is at least 10000`. */
export function conditionWords(condition: Condition): string {
  return words(condition, '')
}

function words(condition: Condition, from: string): string {
  switch (condition.kind) {
    case 'and':
      return condition.all.map((each) => nested(each, from)).join(' and ')
    case 'or':
      return condition.any.map((each) => nested(each, from)).join(' or ')
    case 'not':
      return `not ${nested(condition.not, from)}`
    case 'path':
      return nested(condition.where, `${from}${condition.relation}.`)
    case 'compare':
      return comparison(condition, from)
    case 'many':
    case 'may':
    case 'fact':
      // Shown as it is until there are words for it.
      return JSON.stringify(condition)
  }
}

function nested(condition: Condition, from: string): string {
  const inner = words(condition, from)
  const plain = condition.kind === 'path' ? condition.where : condition
  return plain.kind === 'and' || plain.kind === 'or' || plain.kind === 'not' ? `(${inner})` : inner
}

function comparison({ on, op, to }: Comparison, from: string): string {
  const name = `${from}${on}`
  if (to.kind === 'value' && to.value === null) return `${name} is ${op === 'is' ? 'missing' : 'there'}`
  if (op === 'empty') return `${name} is ${to.kind === 'value' && to.value === false ? 'not empty' : 'empty'}`
  return `${name} ${operators[op] ?? op} ${operand(to, from)}`
}

const operators: Readonly<Record<string, string>> = {
  is: 'is',
  isNot: 'is not',
  in: 'is one of',
  notIn: 'is none of',
  under: 'is under',
  atMost: 'is at most',
  over: 'is over',
  atLeast: 'is at least',
  startsWith: 'starts with',
  contains: 'contains',
  endsWith: 'ends with',
  has: 'has',
  hasAny: 'has any of',
  hasAll: 'has all of',
}

function operand(to: Operand, from: string): string {
  switch (to.kind) {
    case 'value':
      return JSON.stringify(to.value)
    case 'list':
      return to.values.map((value) => JSON.stringify(value)).join(', ')
    case 'actor':
      return to.name === 'id' ? 'the caller' : `actor.${to.name}`
    case 'row':
      return `${from}${to.name}`
    default:
      // Operands of later versions of the language are shown as they are.
      return JSON.stringify(to)
  }
}
