export { Bug, unreachable } from './errors/bug.ts'
export {
  type ModelErrorCode,
  type ModelWarningCode,
  modelErrors,
  modelWarnings,
  type OperatorErrorCode,
  operatorErrors,
  type RequestErrorCode,
  requestErrors,
} from './errors/catalogue.ts'
export { formatProblem } from './errors/format-problem.ts'
export { ModelError, type Problem } from './errors/model-error.ts'
export { OperatorError } from './errors/operator-error.ts'
export { RequestError, requestErrorStatus } from './errors/request-error.ts'
export { canonicalHash, canonicalJson, deepFreeze, isPlainJson, type Json, sha256 } from './json.ts'
export { didYouMean } from './names/did-you-mean.ts'
export { fitIdentifier } from './names/fit-identifier.ts'
export { fitsIdentifier, lowerFirst, maxIdentifierBytes, snakeCase, upperFirst } from './names/names.ts'
export { postgresPattern } from './pattern/postgres-pattern.ts'
export type { Row, RowId, RowQuery, Rows } from './rows.ts'
export { codeFrame } from './source/code-frame.ts'
export { formatSpan, type SourceSpan } from './source/span.ts'
export { quoteIdentifier, quoteLiteral, type Sql, type Statement, sql, toStatement, toText } from './sql/sql.ts'
