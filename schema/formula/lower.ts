import { readCondition } from '../complete/condition.ts'
import type { ConditionContext } from '../complete/condition-context.ts'
import { readDecimal } from '../complete/decimal.ts'
import { isDay, isInstant, isTime, normalInstant } from '../complete/moment.ts'
import type { CallSite } from '../dsl/declaration.ts'
import type { RecordedExpression } from '../dsl/expression.ts'
import type { Condition } from '../model/condition.ts'
import type { CallName, Expression, ListFunction, ListRead } from '../model/expression.ts'
import type { ModelPath } from '../model/model.ts'
import { handleOf, isExpression, type RowHandle, type RowRoot } from './record.ts'
import { innerScope, listRows, type TypeScope, typeOfExpression } from './type-of.ts'
import { FormulaFault, type ValueType } from './value-type.ts'

/** What a recorded formula is read with. */
export interface LowerContext {
  /** Reads conditions; reports go where the call was written. */
  readonly conditions: (at: CallSite | null) => ConditionContext
  /** Called before an entity's computed fields are looked at, so that they are complete. */
  readonly prepare: (entity: string) => void
  readonly path: ModelPath
}

/** Where in the nest of lists an expression stands. */
interface Nest {
  readonly roots: readonly RowRoot[]
  readonly scopes: readonly TypeScope[]
}

/** A fault with the place of the call that made it. */
export class PlacedFault extends FormulaFault {
  readonly at: CallSite | null

  constructor(fault: FormulaFault, at: CallSite | null) {
    super(fault.code, fault.message, fault.hint)
    this.at = at
  }
}

/** A condition could not be read; it is reported already. */
export class Reported extends Error {}

/** Turns what a formula recorded into an expression of the model. */
export class Lowering {
  readonly #context: LowerContext

  constructor(context: LowerContext) {
    this.#context = context
  }

  /**
   * The expression of a formula about a row.
   *
   * @param wanted type for values that are written down
   * @throws PlacedFault when it makes no sense
   */
  lower(value: unknown, root: RowRoot, wanted: ValueType | null): Expression {
    this.#context.prepare(root.entity.name)
    return this.#value(value, { roots: [root], scopes: [{ entity: root.entity, list: null }] }, wanted, null)
  }

  #value(value: unknown, nest: Nest, wanted: ValueType | null, at: CallSite | null): Expression {
    if (!isExpression(value)) return placed(at, () => literal(value, wanted))
    const expression = placed(value.at, () => this.#made(value, nest, wanted))
    // Asked for its faults: they belong to this call and no other.
    placed(value.at, () => typeOfExpression(expression, this.#types(nest, value.at)))
    return expression
  }

  #types({ scopes }: Nest, at: CallSite | null) {
    return { entities: this.#context.conditions(at).entities, scopes }
  }

  #made(made: RecordedExpression, nest: Nest, wanted: ValueType | null): Expression {
    const { args, options, at } = made
    switch (made.made) {
      case 'field':
        return this.#field(options as never, nest)
      case 'list':
        return this.#list(made, nest)
      case 'today':
        return { kind: 'today' }
      case 'now':
        return { kind: 'now' }
      case 'round':
        return { kind: 'round', value: this.#value(args[0], nest, null, at), places: places(options.places) }
      case 'left':
        return { kind: 'left', value: this.#value(args[0], nest, null, at), characters: places(options.characters) }
      case 'shift': {
        const [value, by] = args.map((each) => this.#value(each, nest, { kind: 'int' }, at))
        return { kind: 'shift', value: value!, by: by!, unit: options.unit as never }
      }
      case 'part':
        return { kind: 'part', value: this.#value(args[0], nest, null, at), of: options.of as never }
      case 'startOf':
        return {
          kind: 'startOf',
          value: this.#value(args[0], nest, null, at),
          of: options.of as never,
          zone: args.length < 2 ? null : this.#zone(args[1], nest, at),
        }
      case 'dayOf':
        return { kind: 'dayOf', value: this.#value(args[0], nest, null, at), zone: this.#zone(args[1], nest, at) }
      case 'test': {
        const { up, where } = this.#condition(args[0], options.where, nest, at)
        return { kind: 'condition', up, where }
      }
      case 'when':
        return this.#cases(made, nest, wanted)
      default:
        return this.#call(made, nest, wanted)
    }
  }

  #field({ handle, name }: { readonly handle: RowHandle; readonly name: string }, nest: Nest): Expression {
    this.#context.prepare(handle.entity.name)
    return { kind: 'field', up: upTo(handle.root, nest), path: [...handle.path, ...name.split('.')] }
  }

  /** Arguments that are written down are of the type of the first expression among them. */
  #call({ made, args, at }: RecordedExpression, nest: Nest, wanted: ValueType | null): Expression {
    const name = made as CallName
    const first = args.find(isExpression)
    const lead = first === undefined || textual.has(name) ? null : this.#value(first, nest, wanted, at)
    const type = lead === null ? null : typeOfExpression(lead, this.#types(nest, at)).type
    const given = textual.has(name) ? ({ kind: 'text', values: null } as const) : scaling.has(name) ? number : type
    const lowered = args.map((each) => (each === first && lead !== null ? lead : this.#value(each, nest, given, at)))
    return { kind: 'call', name, args: lowered }
  }

  #list({ args, options, at }: RecordedExpression, nest: Nest): Expression {
    const root = options.root as RowRoot
    const name = options.name as ListFunction
    const { from, relation } = root.list!
    const place = { up: upTo(from.root, nest), path: [...from.path, relation] }
    this.#context.prepare(root.entity.name)
    const { entity, by } = listRows(place, this.#types(nest, at))
    const inner = { roots: [...nest.roots, root], scopes: [...nest.scopes, innerScope(place, entity, by)] }
    const isAsked = name !== 'count' && name !== 'exists'
    if (isAsked && !isExpression(args[0]))
      throw new FormulaFault('FORMULA_RESULT_INVALID', `"${name}" gives back no expression.`)
    const where = options.where === undefined ? null : this.#where(options.where, entity.name, at)
    return {
      kind: 'list',
      ...place,
      name,
      value: isAsked ? this.#value(args[0], inner, null, at) : null,
      where,
      sort: name === 'first' ? sortKeys(options.sort, root) : [],
      separator: name === 'join' ? text(options.separator) : null,
    } satisfies ListRead
  }

  #cases({ args, options, at }: RecordedExpression, nest: Nest, wanted: ValueType | null): Expression {
    const conditions = (options.cases as readonly unknown[]).map((given) => this.#condition(args[0], given, nest, at))
    const [otherwise, ...thens] = args.slice(1)
    const typed = [...thens, otherwise].find(isExpression)
    const lead = typed === undefined ? null : this.#value(typed, nest, wanted, at)
    const type = lead === null ? wanted : typeOfExpression(lead, this.#types(nest, at)).type
    const lower = (each: unknown) => (each === typed && lead !== null ? lead : this.#value(each, nest, type, at))
    const cases = conditions.map(({ where }, index) => ({ where, then: lower(thens[index]) }))
    const up = upTo((handleOf(args[0]) ?? missingRow()).root, nest)
    return { kind: 'cases', up, cases, otherwise: lower(otherwise) }
  }

  /** A condition on a row that the formula has in its hands. */
  #condition(row: unknown, given: unknown, nest: Nest, at: CallSite | null): { up: number; where: Condition } {
    const handle = handleOf(row) ?? missingRow()
    const inner = this.#where(given, handle.entity.name, at)
    const where = handle.path.reduceRight<Condition>((where, relation) => ({ kind: 'path', relation, where }), inner)
    this.#toOneOnly(handle)
    return { up: upTo(handle.root, nest), where }
  }

  #toOneOnly({ root, path }: RowHandle): void {
    const { entities } = this.#context.conditions(null)
    let { entity } = root
    for (const name of path) {
      const relation = entity.relations.find((each) => each.name === name)!
      if (relation.kind !== 'one')
        throw new FormulaFault(
          'FORMULA_TYPE_INVALID',
          `A condition cannot follow "${name}": this row does not hold the key.`,
        )
      entity = entities.get(relation.to)!
    }
  }

  #where(given: unknown, entity: string, at: CallSite | null): Condition {
    this.#context.prepare(entity)
    const context = this.#context.conditions(at)
    const read = readCondition(given, { entity: context.entities.get(entity)!, path: this.#context.path }, context)
    if (read === null) throw new Reported()
    return read
  }

  /** A zone must be known when the app is loaded: an unknown one would fail every list that its row is in. */
  #zone(given: unknown, nest: Nest, at: CallSite | null): Expression {
    const zone = this.#value(given, nest, { kind: 'text', values: null }, at)
    const { type } = typeOfExpression(zone, this.#types(nest, at))
    const values = type.kind === 'text' ? type.values : null
    if (values === null) {
      const hint = "Write it down, as in 'Europe/Berlin', or take it from a choice of zones."
      throw new FormulaFault('FORMULA_ZONE_UNKNOWN', 'This zone could be any text.', hint)
    }
    const unknown = values.find((each) => !isZone(each))
    if (unknown !== undefined) throw new FormulaFault('FORMULA_ZONE_UNKNOWN', `There is no zone "${unknown}".`)
    return zone
  }
}

const number: ValueType = { kind: 'decimal' }
const textual: ReadonlySet<string> = new Set(['concat'])
const scaling: ReadonlySet<string> = new Set(['times', 'dividedBy'])

function placed<T>(at: CallSite | null, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof FormulaFault && !(error instanceof PlacedFault)) throw new PlacedFault(error, at)
    throw error
  }
}

function upTo(root: RowRoot, { roots }: Nest): number {
  const index = roots.lastIndexOf(root)
  if (index >= 0) return roots.length - 1 - index
  const hint = 'Use the row that this function is given.'
  throw new FormulaFault('FORMULA_VALUE_FOREIGN', 'This belongs to a row that is not at hand here.', hint)
}

function missingRow(): never {
  throw new FormulaFault('FORMULA_RESULT_INVALID', 'The first argument must be a row of the formula.')
}

function isZone(name: string): boolean {
  try {
    // Throws for what is none. Offsets are zones to JavaScript, with the sign the other way round to Postgres.
    void new Intl.DateTimeFormat('en', { timeZone: name })
    return /^([A-Z][A-Za-z0-9_+-]*\/)*[A-Z][A-Za-z0-9_+-]*$/.test(name)
  } catch {
    return false
  }
}

function places(given: unknown): number {
  if (Number.isInteger(given) && (given as number) >= 0 && (given as number) <= 1000) return given as number
  throw new FormulaFault('FORMULA_TYPE_INVALID', 'This must be a whole number from 0 to 1000.')
}

function text(given: unknown): string {
  if (typeof given === 'string' && !given.includes('\0') && given.isWellFormed()) return given
  throw new FormulaFault('FORMULA_TYPE_INVALID', 'This must be a text.')
}

function sortKeys(given: unknown, { entity }: RowRoot): ListRead['sort'] {
  const names: readonly unknown[] = Array.isArray(given) ? given : []
  if (names.length === 0)
    throw new FormulaFault('FORMULA_TYPE_INVALID', '"first" says in what order: { sort: [\'-createdAt\'] }.')
  return names.map((each) => {
    const name = String(each).replace(/^-/, '')
    if (![...entity.fields, ...entity.computed].some((field) => field.name === name))
      throw new FormulaFault('FORMULA_NAME_UNKNOWN', `"${entity.name}" has no field "${name}" to order by.`)
    return { name, descending: String(each).startsWith('-') }
  })
}

/** A value that the author wrote down, in the normal form of the wanted type. */
function literal(given: unknown, wanted: ValueType | null): Expression {
  if (given === null) return { kind: 'literal', of: 'null', value: null }
  const made = wanted === null ? null : read(given, wanted)
  if (made !== null) return made
  const what = wanted === null ? 'no expression' : `no ${wanted.kind === 'text' ? 'text that fits' : wanted.kind}`
  const shown =
    typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean'
      ? JSON.stringify(given)
      : `a ${typeof given}`
  throw new FormulaFault(
    'FORMULA_RESULT_INVALID',
    `${shown} is ${what}.`,
    'Use the functions of the language and the fields of the row.',
  )
}

function read(given: unknown, wanted: ValueType): Expression | null {
  switch (wanted.kind) {
    case 'int':
    case 'int64':
    case 'float':
    case 'decimal':
    case 'money':
      return readNumber(given)
    case 'text':
      return typeof given === 'string' ? { kind: 'literal', of: 'text', value: text(given) } : null
    case 'boolean':
      return typeof given === 'boolean' ? { kind: 'literal', of: 'boolean', value: given } : null
    case 'date':
      return isDay(given) ? { kind: 'literal', of: 'date', value: given } : null
    case 'datetime':
      return isInstant(given) ? { kind: 'literal', of: 'datetime', value: normalInstant(given) } : null
    case 'time':
      return isTime(given) ? { kind: 'literal', of: 'time', value: given } : null
    case 'uuid':
    case 'null':
      return null
  }
}

/** A number of JavaScript is exact up to fifteen digits; more are written as a text. */
function readNumber(given: unknown): Expression | null {
  const written = typeof given === 'number' || typeof given === 'bigint' ? String(given) : given
  if (typeof written !== 'string') return null
  const exact = readDecimal(written)
  if (exact === null || (typeof given === 'number' && exact.whole + exact.scale > 15)) return null
  return { kind: 'literal', of: 'number', value: exact.text }
}
