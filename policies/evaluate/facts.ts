import type { Fact, FieldType } from '#schema'
import { actorValueOf } from '../to-sql/model-index.ts'
import type { ClauseTrace, RowValue } from './decision.ts'
import { isInside } from './inside.ts'
import { asksForNull, compared, testNull } from './judge-comparison.ts'
import { readOperand } from './operand.ts'
import type { Place } from './place.ts'
import { textOf } from './text-of.ts'
import { heldValue, type Known, type Value, written } from './value.ts'

type Claim = Extract<Fact, { readonly about: 'claim' }>
type RequestFact = Extract<Fact, { readonly about: 'request' }>

/** A comparison of a claim. */
export function judgeClaim(condition: Claim, place: Place): ClauseTrace {
  const value = actorValueOf(place.world.index, condition.on)
  const type: FieldType = value.kind === 'claim' ? value.type : { kind: 'uuid' }
  const left = heldValue(place.caller.claims[condition.on], type)
  const meets = type.kind === 'list' && condition.op.startsWith('has') ? type.of : type
  const right = readOperand(condition.to, condition.op === 'empty' ? { kind: 'boolean' } : meets, place)
  return traceOf(
    condition,
    left,
    right,
    asksForNull(condition.to) ? testNull(condition.op, left) : compared(condition.op, left, right, meets),
  )
}

/** A comparison of what the server knows of the request. */
export function judgeRequest(condition: RequestFact, place: Place): ClauseTrace {
  const { on, op, to } = condition
  const type = factTypes[on]
  const left = heldValue(requestValue(on, place), type)
  const right = readOperand(to, type, place)
  if (asksForNull(to) && op !== 'inside') return traceOf(condition, left, right, testNull(op, left))
  if (op !== 'inside') return traceOf(condition, left, right, compared(op, left, right, type))
  const networks = (Array.isArray(right) ? right : [right]).map(textOf)
  const isIn = left !== null && networks.some((each) => isInside(textOf(left), each))
  return traceOf(condition, left, right, isIn)
}

const text = { kind: 'text', format: 'text', min: null, max: null, matches: null, ignoreCase: false } as const
const whole = { kind: 'int', min: null, max: null } as const
const factTypes: Readonly<Record<RequestFact['on'], FieldType>> = {
  mfa: { kind: 'boolean' },
  ip: text,
  hour: whole,
  weekday: text,
  signedInFor: whole,
}

/** The hour and the weekday follow from the instant; who did not use a second factor did not. */
function requestValue(on: RequestFact['on'], { caller, world }: Place): RowValue {
  const given = caller.request[on]
  if (given !== undefined) return given
  const now = new Date(world.now)
  if (on === 'hour') return now.getUTCHours()
  if (on === 'weekday') return ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][now.getUTCDay()]!
  return on === 'mfa' ? false : null
}

function traceOf(
  condition: Fact,
  left: Value,
  right: Known | readonly Value[],
  truth: ClauseTrace['truth'],
): ClauseTrace {
  return {
    condition,
    truth,
    parts: [],
    rows: [],
    compared: { left: written(left), right: written(right as Known) },
  }
}
