/** What an app's `schema/*.entity.ts` imports as `rowhouse/schema`. */
export { amount, eur, usd } from './dsl/amount.ts'
export {
  abs,
  coalesce,
  concat,
  dayOf,
  days,
  decimalOf,
  dividedBy,
  greatest,
  least,
  left,
  length,
  lower,
  minus,
  minutes,
  nowAt,
  part,
  plus,
  round,
  share,
  shift,
  startOf,
  test,
  times,
  today,
  upper,
  when,
} from './dsl/calculate.ts'
export { choice, choiceType } from './dsl/choice.ts'
export { embed, embedType } from './dsl/embed.ts'
export { entity } from './dsl/entity.ts'
export {
  boolean,
  date,
  datetime,
  decimal,
  duration,
  email,
  float,
  int,
  int64,
  money,
  phone,
  slug,
  string,
  text,
  time,
  timezone,
  url,
  uuid,
} from './dsl/fields.ts'
export { type DefaultSet, defaults, type FormulaSet, formulas } from './dsl/formulas.ts'
export { ago, ahead } from './dsl/moments.ts'
export { numbering } from './dsl/numbering.ts'
export { partOf } from './dsl/part-of.ts'
export { period } from './dsl/period.ts'
export { hasOne, many, one, oneOf } from './dsl/relations.ts'
export { row } from './dsl/row.ts'
export { base64, dict, list, secret, shape, shapeType } from './dsl/structures.ts'
export type { Expr, ManyExpr, RowExpr } from './types/expression.ts'
export type { EntityName, RoleName } from './types/names.ts'
export type { StatusOf, VerbOf } from './types/parts.ts'
export type { Row } from './types/row.ts'
export type { Amount, Bytes, Clock, Day, Decimal, Id, Json, Money, Period, Secret } from './types/values.ts'
export type { Where } from './types/where.ts'
