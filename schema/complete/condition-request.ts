import { isIPv4, isIPv6 } from 'node:net'
import type { Comparison, Condition, Fact } from '../model/condition.ts'
import type { FieldType, ModelPath } from '../model/model.ts'
import { all, type ConditionContext } from './condition-context.ts'
import { ofFact } from './condition-fact-tests.ts'
import { readFieldTests } from './condition-field.ts'
import { didYouMeanHint } from './hint.ts'
import { isPlainObject } from './options.ts'
import { readShift } from './span.ts'

type RequestName = Extract<Fact, { readonly about: 'request' }>['on']
type Given = Readonly<Record<string, unknown>>
interface Place {
  readonly path: ModelPath
}

const names: readonly RequestName[] = ['mfa', 'ip', 'hour', 'weekday', 'signedInFor']

/** Days of the week as rules write them. */
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** Reads `request: { mfa: true, hour: { atLeast: 8, under: 18 } }`. */
export function readRequest(given: Given, { path }: Place, context: ConditionContext): Condition | null {
  const keys = Object.keys(given)
  return all(keys.map((key) => readKey(key, given[key], { path: [...path, key] }, context)))
}

function readKey(key: string, given: unknown, place: Place, context: ConditionContext): Condition | null {
  const { path } = place
  const name = names.find((each) => each === key)
  if (name === undefined) {
    const isCombining = key === 'anyOf' || key === 'allOf' || key === 'not'
    const hint = isCombining ? `Write it around: ${key}: … { request: { … } }.` : didYouMeanHint(key, names)
    context.problems.report('CONDITION_FACT_UNKNOWN', { path, part: 'key' }, `A request has no "${key}".`, { hint })
    return null
  }
  if (name === 'ip') return readNetworks(given, place, context)
  if (name === 'signedInFor') return readAge(given, place, context)
  const read = readFieldTests({ name, type: types[name] }, given, path, context)
  if (read === null) return null
  const at = (test: Comparison) => ({ path: isPlainObject(given) ? [...path, test.op] : path })
  return ofFact(read, (test) => requestFact(name, test, at(test), context))
}

const types: Readonly<Record<'mfa' | 'hour' | 'weekday', FieldType>> = {
  mfa: { kind: 'boolean' },
  hour: { kind: 'int', min: null, max: null },
  weekday: {
    kind: 'choice',
    enum: 'Weekday',
    values: weekdays.map((value) => ({
      value,
      graphql: value,
      label: null,
      note: null,
      color: null,
      deprecated: null,
    })),
  },
}

function requestFact(
  name: RequestName,
  { op, to }: Comparison,
  { path }: Place,
  { problems }: ConditionContext,
): Condition | null {
  const values = to.kind === 'list' ? to.values : to.kind === 'value' ? [to.value] : []
  const isKnown = values.length > 0 && values.every((value) => value !== null)
  if (!isKnown) {
    const message = `"${name}" of a request is always known, and compared with a value that is written here.`
    problems.report('CONDITION_VALUE_INVALID', { path }, message, { hint: 'Write the value.' })
    return null
  }
  if (name === 'hour' && !values.every((hour) => Number(hour) >= 0 && Number(hour) <= 23)) {
    const hint = 'Hours of the day are 0 to 23, in UTC.'
    problems.report('CONDITION_VALUE_INVALID', { path }, 'There is no such hour.', { hint })
    return null
  }
  if (name === 'hour' && isConstant(op, values[0])) {
    const hint = 'Leave the test out, or name another hour.'
    problems.report('CONDITION_CONSTANT', { path }, 'Hours are 0 to 23: this holds always, or never.', { hint })
    return null
  }
  return { kind: 'fact', about: 'request', on: name, op, to }
}

/** Every hour is at least 0, and none is over 23. */
function isConstant(op: Comparison['op'], hour: unknown): boolean {
  return ((op === 'atLeast' || op === 'under') && hour === 0) || ((op === 'atMost' || op === 'over') && hour === 23)
}

/** `ip: { inside: '10.0.0.0/8' }`, or one of several networks. */
function readNetworks(given: unknown, { path }: Place, { problems }: ConditionContext): Condition | null {
  const isTest = isPlainObject(given) && Object.keys(given).join() === 'inside'
  const written: unknown = isTest ? given.inside : undefined
  const list: readonly unknown[] = Array.isArray(written) ? written : [written]
  if (!isTest || list.length === 0) {
    const hint = "Write ip: { inside: '10.0.0.0/8' }, or a list of networks."
    const isEmpty = isTest || (isPlainObject(given) && Object.keys(given).length === 0)
    const code = isEmpty ? 'CONDITION_EMPTY' : 'CONDITION_OPERATOR_INVALID'
    problems.report(code, { path }, 'An address is asked whether it lies inside of a network.', { hint })
    return null
  }
  const isList = Array.isArray(written)
  const faults = list.map((each, index) => {
    const fault = networkFault(each)
    const at = [...path, 'inside', ...(isList ? [index] : [])]
    if (fault !== null) problems.report('CONDITION_NETWORK_INVALID', { path: at }, fault.message, { hint: fault.hint })
    return fault
  })
  if (faults.some((fault) => fault !== null)) return null
  const values = [...new Set(list as readonly string[])]
  return { kind: 'fact', about: 'request', on: 'ip', op: 'inside', to: { kind: 'list', values } }
}

/** Why a text is no network in CIDR notation; bits behind the mask would be lost, and are no network's either. */
function networkFault(given: unknown): { readonly message: string; readonly hint: string } | null {
  const [, address = '', bits = ''] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(String(given)) ?? []
  const size = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0
  if (typeof given !== 'string' || size === 0 || Number(bits) > size) {
    const isAddress = typeof given === 'string' && (isIPv4(given) || isIPv6(given))
    const hint = isAddress
      ? `Write '${given}/${isIPv4(given) ? 32 : 128}' for this one address.`
      : "Networks are written '10.0.0.0/8' or '2001:db8::/32'."
    return { message: 'This is no network.', hint }
  }
  const all = bitsOf(address, size)
  const rest = BigInt(size) - BigInt(bits)
  if (all === null || (all & ((1n << rest) - 1n)) === 0n) return null
  const hint = `Write '${address}/${size}' for this one address, or zeros behind the first ${bits} bits.`
  return { message: `The address says more than its first ${bits} bits.`, hint }
}

/** The bits of an address; null for one in a mixed form, which Postgres judges. */
function bitsOf(address: string, size: number): bigint | null {
  if (size === 32) return address.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n)
  if (address.includes('.')) return null
  const [head = '', tail] = address.split('::')
  const words = (text: string | undefined) => (text === undefined || text === '' ? [] : text.split(':'))
  const [first, last] = [words(head), words(tail)]
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0')
  return [...first, ...zeros, ...last].reduce((bits, word) => (bits << 16n) | BigInt(`0x${word}`), 0n)
}

const ages = ['under', 'atMost', 'over', 'atLeast'] as const

/** `signedInFor: { under: { minutes: 5 } }`, in seconds. */
function readAge(given: unknown, { path }: Place, context: ConditionContext): Condition | null {
  const { problems } = context
  const keys = isPlainObject(given) ? Object.keys(given) : []
  if (keys.length === 0) {
    const hint = 'Write signedInFor: { under: { minutes: 5 } }.'
    const code = isPlainObject(given) ? 'CONDITION_EMPTY' : 'CONDITION_VALUE_INVALID'
    problems.report(code, { path }, '"signedInFor" is compared with a length of time.', { hint })
    return null
  }
  return all(keys.map((key) => readAgeTest(key, (given as Given)[key], { path: [...path, key] }, context)))
}

function readAgeTest(key: string, given: unknown, { path }: Place, { problems }: ConditionContext): Condition | null {
  const op = ages.find((each) => each === key)
  if (op === undefined) {
    const hint = didYouMeanHint(key, ages)
    const message = `"${key}" does not fit a length of time.`
    problems.report('CONDITION_OPERATOR_INVALID', { path, part: 'key' }, message, { hint })
    return null
  }
  const shift = readShift({ way: 'ahead', span: given })
  if (typeof shift === 'string' || shift.months !== 0) {
    const what = typeof shift === 'string' ? shift : 'is no fixed time in months and years'
    const hint = 'Write { minutes: 5 }; hours, days and weeks are the others.'
    problems.report('CONDITION_VALUE_INVALID', { path }, `A length of time ${what}.`, { hint })
    return null
  }
  const value = shift.days * 86_400 + shift.seconds
  return { kind: 'fact', about: 'request', on: 'signedInFor', op, to: { kind: 'value', value } }
}
