import { callSite } from './call-site.ts'
import { type CallSite, declared } from './declaration.ts'

/** An expression while a formula is recorded. Arguments are expressions or plain values, as the author wrote them. */
export interface RecordedExpression {
  readonly [declared]: 'expression'
  /** `field`, `list`, or the name of the function that made it. */
  readonly made: string
  readonly args: readonly unknown[]
  readonly options: Readonly<Record<string, unknown>>
  readonly at: CallSite | null
}

/** What can stop a formula while it is recorded. */
export type FormulaStopCode = 'FORMULA_NAME_UNKNOWN' | 'FORMULA_VALUE_CONVERTED'

/** What stops a formula: thrown inside of the author's function. Whoever records hears of it, also where it is caught. */
export class FormulaStop extends Error {
  readonly code: FormulaStopCode
  readonly at: CallSite | null
  readonly hint: string | null

  constructor(code: FormulaStopCode, message: string, at: CallSite | null, hint: string | null = null) {
    super(message)
    this.code = code
    this.at = at
    this.hint = hint
    current?.stop(this)
  }
}

/** Takes note of everything that a formula makes or reads, and of what stops it. */
export interface Recorder {
  note(made: object, at: CallSite | null): void
  stop(stop: FormulaStop): void
}

let current: Recorder | null = null

/** Runs a function of the author's while `recorder` takes note. Not for asynchronous functions. */
export function recording<T>(recorder: Recorder, run: () => T): T {
  const before = current
  current = recorder
  try {
    return run()
  } finally {
    current = before
  }
}

/** Tells the recorder, if one listens, of something that must be part of the result. */
export function note(made: object, at: CallSite | null): void {
  current?.note(made, at)
}

/** An expression; only the author sees the typed face `T`. */
export function express<T>(made: string, args: readonly unknown[], options: Readonly<Record<string, unknown>> = {}): T {
  const at = current === null ? null : callSite()
  const expression = { made, args, options, at }
  Object.defineProperty(expression, declared, { value: 'expression' })
  for (const key of conversions)
    Object.defineProperty(expression, key, { get: () => refuse('An expression'), enumerable: false })
  note(expression, at)
  return Object.freeze(expression) as T
}

const conversions: readonly (string | symbol)[] = [
  'toString',
  'toLocaleString',
  'valueOf',
  'toJSON',
  Symbol.toPrimitive,
]

/** True for what JavaScript asks an object for when it makes a text, a number or JSON of it. */
export function isConversion(key: string | symbol): boolean {
  return conversions.includes(key)
}

/** Stops the formula: what an expression will be is known in the database alone. */
export function refuse(what: string): never {
  const hint = 'Use the functions of the language: plus, times, concat, when, …'
  const message = `${what} has no value yet: it cannot become a text, a number or a truth here.`
  throw new FormulaStop('FORMULA_VALUE_CONVERTED', message, callSite(), hint)
}
