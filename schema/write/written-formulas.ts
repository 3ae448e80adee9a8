import type { FormulasDeclaration } from '../dsl/declaration.ts'
import { declare } from '../dsl/declare.ts'
import type { Expression } from '../model/expression.ts'
import type { Computed, Entity } from '../model/model.ts'
import { arrowCode, type Code, caseCode, conditionData, type FormulaPlace } from './formula-code.ts'
import { runCode } from './run-code.ts'

const codes = new WeakMap<object, Code>()

/** The text behind a function that was written back; null for any other function. */
export function codeOf(written: object): Code | null {
  return codes.get(written) ?? null
}

/** The calls of `formulas` and `defaults` that give an entity its expressions when they are read. */
export function writtenFormulas(entity: Entity, entities: ReadonlyMap<string, Entity>): readonly FormulasDeclaration[] {
  const place = { entity, entities }
  const formulas = entity.computed.map((each) => [each.name, writtenFormula(each, place)])
  const defaults = entity.fields.flatMap(({ name, default: value }) =>
    value?.kind === 'expression' ? [[name, runnable(arrowCode(value.expression, place))]] : [],
  )
  return [declared('formulas', entity, formulas), declared('defaults', entity, defaults)].filter(
    (each) => each !== null,
  )
}

function declared(
  kind: 'formulas' | 'defaults',
  { name }: Entity,
  given: readonly unknown[][],
): FormulasDeclaration | null {
  if (given.length === 0) return null
  return declare<FormulasDeclaration>(kind, {
    of: name,
    given: Object.fromEntries(given as [string, unknown][]),
    at: null,
  })
}

/** Cases and conditions on the row itself are plain data, everything else is a function of it. */
function writtenFormula({ expression, type }: Computed, place: FormulaPlace): unknown {
  const written = (each: Expression): unknown => runnable(caseCode(each, type, place))
  if (expression.kind === 'condition' && expression.up === 0 && type.kind === 'boolean')
    return conditionData(expression.where, place)
  if (expression.kind !== 'cases' || expression.up !== 0) return runnable(arrowCode(expression, place))
  return {
    cases: expression.cases.map(({ where, then }) => ({ if: conditionData(where, place), then: written(then) })),
    otherwise: written(expression.otherwise),
  }
}

function runnable(code: Code): unknown {
  const made = runCode(code, new Map())
  if (typeof made === 'function') codes.set(made, code)
  return made
}
