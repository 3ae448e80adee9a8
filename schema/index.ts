export { type ActionPlace, completeAction } from './complete/actions.ts'
export { readCondition } from './complete/condition.ts'
export type { ConditionContext, ConditionPlace } from './complete/condition-context.ts'
export { compareDecimals } from './complete/decimal.ts'
export { completeEntities } from './complete/entities.ts'
export { completeFields } from './complete/fields.ts'
export { didYouMeanHint } from './complete/hint.ts'
export { withHistories, withoutHistories } from './complete/history.ts'
export { onesTo } from './complete/link-relations.ts'
export { groupOf, writtenOnes } from './complete/one-of.ts'
export { isPlainObject, type Options, readOptions, readText } from './complete/options.ts'
export { reportTexts, type Texts } from './complete/report.ts'
export { embeddableSql } from './complete/report-sql.ts'
export type { Scalar } from './complete/scalar.ts'
export { completeSubscribers } from './complete/subscribers.ts'
export { statusHistory, withTransitions } from './complete/transitions.ts'
export { amount, eur, usd } from './dsl/amount.ts'
export { callSite } from './dsl/call-site.ts'
export {
  type ActionsDeclaration,
  type ActorDeclaration,
  type ActorRefDeclaration,
  type CallSite,
  type ChoiceTypeDeclaration,
  type ClaimDeclaration,
  type ConditionDeclaration,
  declared,
  type EmbedTypeDeclaration,
  type EntityDeclaration,
  type ExceptDeclaration,
  type FieldDeclaration,
  type FormulasDeclaration,
  kindOf,
  type MayDeclaration,
  type MomentDeclaration,
  type MoneyDeclaration,
  type OwnDeclaration,
  type PolicyDeclaration,
  type ReachDeclaration,
  type RelationDeclaration,
  type RolesDeclaration,
  type RowRefDeclaration,
  type ShapeTypeDeclaration,
  type SubscriberDeclaration,
  type WordDeclaration,
} from './dsl/declaration.ts'
export { declare } from './dsl/declare.ts'
export { ago, ahead, now } from './dsl/moments.ts'
export { its, row, was } from './dsl/row.ts'
export { isUncertain, settledCondition } from './formula/certainty.ts'
export { isWithin, joinedCharacters, mostCharacters, rangeOfType, unlimitedDigits } from './formula/range.ts'
export { findRead, readAt } from './formula/read-at.ts'
export { type StoredHop, type StoredRead, type StoredReads, storedReads } from './formula/stored-reads.ts'
export {
  innerScope,
  listRows,
  spoils,
  type TypeContext,
  type TypeScope,
  typeOfExpression,
  typeOfHeld,
} from './formula/type-of.ts'
export { mayBeNull, type Typed, type ValueType } from './formula/value-type.ts'
export { rulesAtCommit, waitsForCommit } from './formula/waits-for-commit.ts'
export { checkModelJson } from './json/check-model-json.ts'
export { jsonPathOf } from './json/json-path.ts'
export { type JsonPath, type JsonSource, openJson } from './json/json-source.ts'
export { plainFiles } from './load/app-files.ts'
export { spanOfSite } from './load/call-span.ts'
export { type ImportedBodies, importBodies, startOf } from './load/import-bodies.ts'
export { type AppDeclaration, type LoadedApp, loadApp } from './load/load-app.ts'
export { missingPackageHint } from './load/missing-package-hint.ts'
export {
  collectProblems,
  errorsAmong,
  type Locate,
  type ProblemPlace,
  type Problems,
  sortProblems,
} from './load/problems.ts'
export { sourceFileOf, spanOf } from './load/source-file.ts'
export { openSources } from './load/sources.ts'
export { builtInField, hasDeletedAt, isRemovable } from './model/built-ins.ts'
export { type CarriedColumn, carriedColumns } from './model/carried-column.ts'
export {
  columnField,
  columnFields,
  type EmbedField,
  embedsOf,
  isEmbed,
  leavesOf,
  membersOf,
  pathOfField,
  requiredParts,
  spelledOut,
} from './model/column-fields.ts'
export { columnTypesOf, isZoneless, normalColumnType } from './model/column-types.ts'
export type { Comparison, Condition, Fact, ManyPath, May, Operand, Operator, Path } from './model/condition.ts'
export { type ConditionPart, conditionParts } from './model/condition-parts.ts'
export { askedEvents, eventNames, isStateEvent, subscribersTo } from './model/events.ts'
export { type ActionAt, everyAction } from './model/every-action.ts'
export type { CallName, Case, Expression, ListRead } from './model/expression.ts'
export { divisionDigits } from './model/expression.ts'
export { conditionLeavesRow, partsOf } from './model/expression-parts.ts'
export { followPath } from './model/follow-path.ts'
export {
  changedBy,
  changedRow,
  doneBy,
  historyChanges,
  isHistory,
  isKeptRelation,
  keepsTransitions,
  stepField,
} from './model/history.ts'
export { fieldMoments, type Hook, type HookMoment, hookMoments, transitionMoments } from './model/hooks.ts'
export {
  columnBehind,
  type EntityMap,
  type HeldColumn,
  hasId,
  keyColumnsOf,
  linkColumnOf,
} from './model/key.ts'
export type {
  Action,
  ActionOutput,
  Actor,
  ActorValue,
  Adopted,
  AdoptedView,
  AppAction,
  AppAudience,
  Audience,
  ChoiceValue,
  Computed,
  Default,
  Entity,
  EntityRule,
  Field,
  FieldType,
  HasOne,
  Index,
  Lifecycle,
  Lineage,
  LinkSide,
  Model,
  ModelPath,
  NoOverlap,
  Numbering,
  OneOf,
  Policy,
  Preset,
  Relation,
  Role,
  Rule,
  Search,
  SearchField,
  ShapePart,
  Shift,
  Shown,
  SortKey,
  Source,
  Subscriber,
  Tenancy,
  TextFormat,
  Through,
  ToMany,
  ToOne,
  Transition,
  Unique,
} from './model/model.ts'
export { namesIn } from './model/names-in.ts'
export { calendarSeries, type DatePart, numberingParts } from './model/numbering-parts.ts'
export { objectName } from './model/object-name.ts'
export { ownOf } from './model/own-of.ts'
export { type PeriodEnds, periodText } from './model/period-text.ts'
export { isReadOnly, keptReport, keptTable, type Report } from './model/read-only.ts'
export { isSetName, markPattern, markVersions, type SecretField, secretsOf } from './model/secrets.ts'
export { stateColumns } from './model/state-columns.ts'
export { storedColumn, storedOf } from './model/stored.ts'
export {
  hasTenant,
  isShared,
  leadingKeyColumns,
  ours,
  ownTenantColumn,
  targetTenantColumn,
  tenantColumnOf,
} from './model/tenancy.ts'
export { textFormats } from './model/text-formats.ts'
export { columnNames, columnParts, toOnesOf } from './model/to-ones.ts'
export { ruleCovers, rulesFor, verbsOf } from './model/verbs.ts'
export type { ActionRuns } from './types/action.ts'
export type { AppActions } from './types/app-actions.ts'
export type { ActionInput, CodeFields, CodeValue } from './types/code-values.ts'
export type { ActorRef } from './types/comparison.ts'
export type { EventName } from './types/event.ts'
export type { Field as TypedField } from './types/field.ts'
export type { EntityName, RoleName } from './types/names.ts'
export type {
  ActionOf,
  AllFieldsOf,
  AnyFields,
  CoverableName,
  IsUnknown,
  Named,
  OnesTo,
  OnesWayTo,
  OwnName,
  OwnValueOf,
  RelationsOf,
  VerbOf,
  WayTo,
} from './types/parts.ts'
export type { RoleSet } from './types/registry.ts'
export type { Row as TypedRow } from './types/row.ts'
export type { Id } from './types/values.ts'
export type { MayCondition, NamedCondition, Where } from './types/where.ts'
export { type ExportedEntity, typesFile } from './types-file/types-file.ts'
export { base64Fault } from './values/base64.ts'
export { isJson, isNativeList, isStructured } from './values/is-native-list.ts'
export { readValue, type Value } from './values/read-value.ts'
export { type Verification, verification } from './verify/context.ts'
export { computedReads, readsOf } from './verify/formula-reads.ts'
export { ownDefaultReads } from './verify/formulas.ts'
export { verifyLength } from './verify/names.ts'
export { reservedActorNames, reservedRoleEnd, reservedRoleNames } from './verify/reserved.ts'
export { orderOf } from './verify/scalar-order.ts'
export { verifySchema, warnOfSchema } from './verify/verify-schema.ts'
export { collectImports } from './write/collect-imports.ts'
export { printKey, printString } from './write/print-text.ts'
export { printValue } from './write/print-value.ts'
export type { Printing } from './write/printing.ts'
export { type SharedTypes, sharedTypes } from './write/shared-types.ts'
export { withoutBlanks } from './write/without-blanks.ts'
export { aboutEntity, writtenCondition } from './write/written-condition.ts'
export { writtenAppAction, writtenEntity } from './write/written-entity.ts'
export { writtenType } from './write/written-field.ts'
export { writtenFormulas } from './write/written-formulas.ts'
