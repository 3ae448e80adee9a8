import type { SourceSpan } from '#base'
import { readCondition } from '../complete/condition.ts'
import type { ConditionContext } from '../complete/condition-context.ts'
import { didYouMeanHint } from '../complete/hint.ts'
import { isPlainObject } from '../complete/options.ts'
import { type CallSite, type FormulasDeclaration, kindOf } from '../dsl/declaration.ts'
import type { Problems } from '../load/problems.ts'
import type { Expression } from '../model/expression.ts'
import type { Computed, Entity, Field, FieldType, ModelPath } from '../model/model.ts'
import { isAssignable, staysInRange, withCurrency } from './assign.ts'
import { Lowering, PlacedFault, Reported } from './lower.ts'
import { type RowRoot, record } from './record.ts'
import { typeOfExpression } from './type-of.ts'
import { describeType, FormulaFault, type Typed, valueTypeOf } from './value-type.ts'

/** What formulas are completed with. */
export interface FormulasInput {
  readonly declared: readonly FormulasDeclaration[]
  /** The source behind a place that V8 reported. */
  readonly span: (site: CallSite) => SourceSpan | null
}

/** Gives every computed field of the entities its expression, and fields their defaults. Entities come back by name. */
export function completeFormulas(
  entities: ReadonlyMap<string, Entity>,
  input: FormulasInput,
  context: ConditionContext,
): ReadonlyMap<string, Entity> {
  const completion = new FormulaCompletion(new Map(entities), input, context)
  completion.all()
  return completion.entities
}

type Kind = 'formulas' | 'defaults'

class FormulaCompletion {
  readonly entities: Map<string, Entity>
  readonly #input: FormulasInput
  readonly #context: ConditionContext
  readonly #begun = new Set<string>()
  /** Computed fields whose formula could be read. */
  readonly #sound = new Set<Computed>()

  constructor(entities: Map<string, Entity>, input: FormulasInput, context: ConditionContext) {
    this.entities = entities
    this.#input = input
    this.#context = context
  }

  all(): void {
    const names = [...this.entities.keys()].toSorted()
    for (const each of this.#input.declared) this.#reportUnknown(each)
    for (const name of names) this.#prepare(name)
    for (const name of names) this.#defaults(name)
    // Only now is known what everything follows from.
    for (const name of names) for (const each of this.entities.get(name)!.computed) this.#checkRange(name, each)
  }

  #checkRange(entityName: string, computed: Computed): void {
    if (!this.#sound.has(computed)) return
    const scopes = [{ entity: this.entities.get(entityName)!, list: null }]
    const typed = typeOfExpression(computed.expression, { entities: this.entities, scopes, way: [computed] })
    const fault = staysInRange(computed, typed)
    if (fault === null) return
    const message = `"${computed.name}" is declared as a value that is always there, but this may be out of range, and null then.`
    this.#problems.report(fault.code, { path: [entityName, 'formulas', computed.name] }, message, { hint: fault.hint })
  }

  get #problems(): Problems {
    return this.#context.problems
  }

  #reportUnknown({ of, at }: FormulasDeclaration): void {
    if (this.entities.has(of)) return
    const hint = didYouMeanHint(of, [...this.entities.keys()])
    const span = at === null ? null : this.#input.span(at)
    this.#problems.reportAt('FORMULA_ENTITY_UNKNOWN', span, `There is no entity "${of}".`, hint)
  }

  #given(entity: string, kind: Kind): ReadonlyMap<string, unknown> {
    const found = this.#input.declared.find((each) => each.of === entity && kindOfSet(each) === kind)
    return new Map(found !== undefined && isPlainObject(found.given) ? Object.entries(found.given) : [])
  }

  /** Completes the computed fields of an entity, in whatever order formulas ask for them. */
  #prepare(name: string): void {
    const entity = this.entities.get(name)
    if (entity === undefined || this.#begun.has(name)) return
    this.#begun.add(name)
    const given = this.#given(name, 'formulas')
    const known = entity.computed.map((each) => each.name)
    for (const each of given.keys()) if (!known.includes(each)) this.#reportNotComputed(entity, each)
    for (const each of entity.computed) this.#complete(entity.name, each, given)
  }

  #reportNotComputed(entity: Entity, name: string): void {
    const place = { path: [entity.name, 'formulas', name], part: 'key' } as const
    const known = entity.computed.map((each) => each.name)
    const hint = didYouMeanHint(name, known) ?? `Say \`computed: { ${name}: … }\` in the entity, with its type.`
    this.#problems.report('FORMULA_UNKNOWN', place, `"${entity.name}" has no computed field "${name}".`, { hint })
  }

  #complete(entityName: string, computed: Computed, given: ReadonlyMap<string, unknown>): void {
    const { name } = computed
    if (!given.has(name)) {
      const hint = `Write formulas(${entityName}, { ${name}: (row) => … }) and export it from the same file or from one that ends in .formulas.ts.`
      const place = { path: [entityName, 'computed', name], part: 'key' } as const
      this.#problems.report('FORMULA_MISSING', place, `"${name}" has no formula.`, { hint })
      return
    }
    const path = [entityName, 'formulas', name]
    const made = this.#expression(entityName, given.get(name), computed, path)
    if (made === null) return
    const type = withCurrency(computed.type, made.typed.type)
    const completed = { ...computed, type, expression: made.expression }
    this.#sound.add(completed)
    this.#replace(entityName, completed)
  }

  #replace(entityName: string, computed: Computed): void {
    const entity = this.entities.get(entityName)!
    const all = entity.computed.map((each) => (each.name === computed.name ? computed : each))
    this.entities.set(entityName, { ...entity, computed: all })
  }

  #defaults(entityName: string): void {
    for (const [name, given] of this.#given(entityName, 'defaults')) {
      const entity = this.entities.get(entityName)!
      const field = entity.fields.find((each) => each.name === name && !each.builtIn)
      const path = [entityName, 'defaults', name]
      if (field === undefined) this.#reportNoField(entity, name, path)
      else this.#default(entity, field, given, path)
    }
  }

  #reportNoField(entity: Entity, name: string, path: ModelPath): void {
    const known = entity.fields.filter(({ builtIn }) => !builtIn).map((each) => each.name)
    const hint = didYouMeanHint(name, known)
    const message = `"${entity.name}" has no field "${name}" that could have a default.`
    this.#problems.report('DEFAULT_FORMULA_INVALID', { path, part: 'key' }, message, { hint })
  }

  #default(entity: Entity, field: Field, given: unknown, path: ModelPath): void {
    const taken = takenBy(field)
    if (taken !== null || typeof given !== 'function') {
      const message = taken ?? 'A default is a function of the new row.'
      this.#problems.report('DEFAULT_FORMULA_INVALID', { path, part: 'key' }, message)
      return
    }
    const made = this.#expression(entity.name, given, field, path)
    if (made === null) return
    const fields = entity.fields.map((each) =>
      each.name === field.name
        ? { ...each, default: { kind: 'expression', expression: made.expression } as const }
        : each,
    )
    this.entities.set(entity.name, { ...this.entities.get(entity.name)!, fields })
  }

  /** Records, reads and checks one formula; null when something was reported. */
  #expression(
    entityName: string,
    given: unknown,
    wanted: { readonly name: string; readonly type: FieldType; readonly optional: boolean },
    path: ModelPath,
  ): { readonly expression: Expression; readonly typed: Typed } | null {
    const before = this.#problems.list.length
    const root: RowRoot = { entity: this.entities.get(entityName)!, list: null }
    const lowering = new Lowering({
      conditions: (at) => this.#conditions(at),
      prepare: (name) => this.#prepare(name),
      path,
    })
    try {
      const expression = this.#read(given, root, wanted.type, lowering, path)
      if (expression === null || this.#problems.list.length > before) return null
      const scopes = [{ entity: this.entities.get(entityName)!, list: null }]
      const typed = typeOfExpression(expression, { entities: this.entities, scopes })
      this.#checkResult(wanted, typed, path)
      return this.#problems.list.length > before ? null : { expression, typed }
    } catch (error) {
      if (error instanceof Reported) return null
      if (!(error instanceof FormulaFault)) throw error
      this.#reportFault(error, path)
      return null
    }
  }

  #reportFault(fault: FormulaFault, path: ModelPath): void {
    const at = fault instanceof PlacedFault && fault.at !== null ? this.#input.span(fault.at) : null
    if (at === null) this.#problems.report(fault.code, { path }, fault.message, { hint: fault.hint })
    else this.#problems.reportAt(fault.code, at, fault.message, fault.hint)
  }

  #read(given: unknown, root: RowRoot, type: FieldType, lowering: Lowering, path: ModelPath): Expression | null {
    const wanted = valueTypeOf(type, { depth: 0, ones: [] })
    if (typeof given === 'function') {
      const recorded = this.#record(given as (row: unknown) => unknown, root, path)
      return recorded === null ? null : lowering.lower(recorded.result, recorded.root, wanted)
    }
    if (isCases(given)) return this.#readCases(given, root, type, lowering, path)
    if (!isPlainObject(given)) {
      const hint = 'Write (row) => …, { cases: [{ if: { … }, then: … }], otherwise: … }, or a condition.'
      this.#problems.report('FORMULA_RESULT_INVALID', { path }, 'This is no formula.', { hint })
      return null
    }
    return this.#readTest(given, root, type, path)
  }

  #readTest(given: unknown, root: RowRoot, type: FieldType, path: ModelPath): Expression | null {
    if (type.kind !== 'boolean') {
      const hint = 'Declare it as boolean(), or write (row) => ….'
      this.#problems.report('FORMULA_TYPE_INVALID', { path }, 'A condition is true or false.', { hint })
      return null
    }
    return this.#whereOf(given, root, path, (where) => ({ kind: 'condition', up: 0, where }))
  }

  #readCases(
    given: { readonly cases: readonly unknown[]; readonly otherwise?: unknown },
    root: RowRoot,
    type: FieldType,
    lowering: Lowering,
    path: ModelPath,
  ): Expression | null {
    if (given.cases.length === 0 || !Object.hasOwn(given, 'otherwise')) {
      const message = given.cases.length === 0 ? 'There are no cases.' : 'There is no "otherwise".'
      this.#problems.report('FORMULA_RESULT_INVALID', { path }, message)
      return null
    }
    const value = (each: unknown, at: ModelPath): Expression | null => {
      if (typeof each === 'function') return this.#read(each, root, type, lowering, at)
      return lowering.lower(each, root, valueTypeOf(type, { depth: 0, ones: [] }))
    }
    const cases = given.cases.map((each, index) => {
      const at = [...path, 'cases', index]
      const { if: test, then } = (isPlainObject(each) ? each : {}) as { readonly if?: unknown; readonly then?: unknown }
      return this.#whereOf(test, root, [...at, 'if'], (where) => {
        const result = value(then, [...at, 'then'])
        return result === null ? null : { where, then: result }
      })
    })
    const otherwise = value(given.otherwise, [...path, 'otherwise'])
    const sound = cases.filter((each) => each !== null)
    if (otherwise === null || sound.length < cases.length) return null
    return { kind: 'cases', up: 0, cases: sound, otherwise }
  }

  #whereOf<T>(given: unknown, root: RowRoot, path: ModelPath, make: (where: never) => T | null): T | null {
    this.#prepare(root.entity.name)
    const context: ConditionContext = { ...this.#conditions(null) }
    const entity = this.entities.get(root.entity.name)!
    const where = readCondition(given, { entity, path }, context)
    return where === null ? null : make(where as never)
  }

  #record(run: (row: unknown) => unknown, root: RowRoot, path: ModelPath) {
    const { result, unused, stops, failure } = record(root, this.entities, run)
    const report = (
      code: Parameters<Problems['reportAt']>[0],
      at: CallSite | null,
      message: string,
      hint: string | null,
    ) => {
      const span = at === null ? null : this.#input.span(at)
      if (span === null) this.#problems.report(code, { path }, message, { hint })
      else this.#problems.reportAt(code, span, message, hint)
    }
    for (const stop of stops) report(stop.code, stop.at, stop.message, stop.hint)
    if (failure !== undefined) {
      const said = failure instanceof Error ? failure.message : 'something that is no error'
      report('FORMULA_RESULT_INVALID', null, `The formula throws: ${said}`, null)
    }
    if (stops.length > 0 || failure !== undefined) return null
    for (const { at, hint: own } of unused) {
      const hint =
        own ?? 'JavaScript’s own operators choose before any row is there: use when(…), coalesce(…), plus(…).'
      report('FORMULA_VALUE_UNUSED', at, 'This is read or made, but is no part of the result.', hint)
    }
    return unused.length > 0 ? null : { result, root }
  }

  #conditions(at: CallSite | null): ConditionContext {
    const { problems } = this.#context
    const span = at === null ? null : this.#input.span(at)
    const placed: Problems = {
      list: problems.list,
      report: (code, place, message, details) => {
        if (span === null) problems.report(code, place, message, details)
        else problems.reportAt(code, span, message, details?.hint ?? null)
      },
      reportAt: problems.reportAt.bind(problems),
      warn: problems.warn.bind(problems),
    }
    return { ...this.#context, entities: this.entities, isAcrossRows: true, problems: placed }
  }

  #checkResult(
    wanted: { readonly name: string; readonly type: FieldType; readonly optional: boolean },
    typed: Typed,
    path: ModelPath,
  ): void {
    const fault = isAssignable(wanted, typed)
    if (fault === null) return
    const message = `"${wanted.name}" is declared as ${fault.wanted}, but this gives ${describeType(typed)}.`
    this.#problems.report(fault.code, { path }, message, { hint: fault.hint })
  }
}

function kindOfSet(each: FormulasDeclaration): Kind {
  return kindOf(each) === 'defaults' ? 'defaults' : 'formulas'
}

function isCases(given: unknown): given is { readonly cases: readonly unknown[]; readonly otherwise?: unknown } {
  if (!isPlainObject(given) || !Array.isArray(given.cases)) return false
  return Object.keys(given).every((key) => key === 'cases' || key === 'otherwise')
}

/** What gives a field its value already, in a sentence; null for nothing. */
function takenBy({ name, numbering, default: value, from }: Field): string | null {
  if (numbering !== null) return `"${name}" is numbered: its value is the next of its series.`
  return value === null && from === null ? null : `"${name}" has another default already.`
}
