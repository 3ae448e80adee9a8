export {
  type CarriedColumn,
  carriedColumnAt,
  carriedColumnsOf,
  carriedSources,
} from './carried/carried-columns.ts'
export { columnsOfCaller } from './carried/columns-of-caller.ts'
export { type PathForm, pathFormsOf } from './carried/path-forms.ts'
export type { WhyNotCarried } from './carried/why-not-carried.ts'
export type { PolicyTest, PolicyTestActor, PolicyTestDeclaration, PolicyTestRequest } from './dsl/policy-test.ts'
export { changedNames } from './evaluate/changed-names.ts'
export { decide, type Question } from './evaluate/decide.ts'
export type {
  ClauseTrace,
  Compared,
  Decision,
  Reason,
  RelatedTrace,
  RowValue,
  RuleTrace,
  Truth,
} from './evaluate/decision.ts'
export { digits, type Exact, exact } from './evaluate/exact.ts'
export { computedAt, holds, nobody } from './evaluate/holds.ts'
export { shownFields } from './evaluate/shown-fields.ts'
export { traceWay, type WayTrace } from './evaluate/trace-way.ts'
export { beyond, type Known } from './evaluate/value.ts'
export type { Caller, Request, Row, Sought, World } from './evaluate/world.ts'
export { type CallerKind, callerWith, isInAudience, signedInCaller, visitor } from './explain/caller-kind.ts'
export { conditionWords } from './explain/condition-clause.ts'
export { decisionText } from './explain/decision-text.ts'
export {
  type ExplainedDecision,
  type ExplainedTrace,
  explainDecision,
  type TracedClause,
} from './explain/explain-decision.ts'
export { type ExplainedRule, type Explanation, explainEntity, type Section } from './explain/explain-entity.ts'
export { type ExplainedWay, explainWay, wayText } from './explain/explain-way.ts'
export { explanationText } from './explain/explanation-text.ts'
export type { Line } from './explain/line.ts'
export { ruleSentence } from './explain/rule-lines.ts'
export { readModelJson } from './json/read-model-json.ts'
export {
  type AppExports,
  appNameOf,
  exportsOf,
  type LoadedModel,
  loadModel,
  modelJson,
} from './load-model.ts'
export { type Matrix, type MatrixCell, policyMatrix } from './matrix/matrix.ts'
export { matrixHtml } from './matrix/matrix-html.ts'
export { matrixText } from './matrix/matrix-text.ts'
export { heldRoles } from './model/held-roles.ts'
export { type AbilityContext, abilitiesFor } from './to-casl/abilities-for.ts'
export type { PackedAbilities, PackedConditions, PackedRule, PackedValue } from './to-casl/packed-abilities.ts'
export { modelShape, type RowShape } from './to-casl/row-shape.ts'
export { actorColumns, actorsFromJson, mayForActorsSql } from './to-sql/actor-columns.ts'
export { allOf } from './to-sql/all-of.ts'
export { givenToSql } from './to-sql/compare-to-sql.ts'
export {
  computedFunction,
  computedValue,
  leavesRow,
} from './to-sql/computed-function.ts'
export { conditionToSql } from './to-sql/condition-to-sql.ts'
export { entityRuleName, entityRuleToSql } from './to-sql/entity-rule.ts'
export { computedToSql, defaultToSql } from './to-sql/expression-to-sql.ts'
export { gateOf } from './to-sql/gate.ts'
export {
  type FieldReader,
  fieldsFaceName,
  type GuardedGroup,
  guardable,
  guardedGroups,
  guardedNames,
  isFaced,
  mostGuardedGroups,
  reservesOf,
  rowsFaceName,
  rowsSql,
  rulesOfReader,
  shownName,
  shownSql,
} from './to-sql/guarded-fields.ts'
export { flagsOfComputed, guardedReads } from './to-sql/guarded-formulas.ts'
export { impliesAudience } from './to-sql/implied-audience.ts'
export { expiredSetName, expiringWholes, keptSql, lastingSql, liveSql, unexpiredSql } from './to-sql/live-row.ts'
export { type MarkerRole, type Markers, markerRoles, markersOf, mostBothRoles } from './to-sql/marker-roles.ts'
export {
  columnOf,
  entityOf,
  idColumnOf,
  indexModel,
  type ModelIndex,
  rulesOf,
  tableSql,
  toOneOf,
} from './to-sql/model-index.ts'
export { isOwn, type OwnValue, ownColumn, ownQuery } from './to-sql/own-query.ts'
export { columnType, heldType, valueType } from './to-sql/postgres-type.ts'
export { reachGuessName, reachGuessQuery } from './to-sql/reach-guess.ts'
export { ownReachSets } from './to-sql/reach-sets.ts'
export { reachViewQuery, reachViewsOf } from './to-sql/reach-views.ts'
export { reachType } from './to-sql/reach-ways.ts'
export { readsBefore } from './to-sql/reads-before.ts'
export { type KeySet, type RelatedSet, setName } from './to-sql/related-set.ts'
export {
  anonymous,
  audienceRoles,
  heldByMarker,
  isMarkerPlaceholder,
  member,
  owner,
  privateRole,
  type RolePlaceholder,
  reportsRole,
  rolePlaceholder,
  searchRole,
} from './to-sql/role-placeholder.ts'
export { conditionsOf, presetReads } from './to-sql/rule-match.ts'
export { rulePartsOf } from './to-sql/rule-parts.ts'
export { allowsToSql, becomingToSql, passesToSql } from './to-sql/rule-to-sql.ts'
export {
  type ActorSource,
  bareRow,
  callerRole,
  inAudienceToSql,
  namedRow,
  ownName,
  type RowReference,
  reachedName,
  reachName,
  rowActor,
  type Scope,
  statementActor,
} from './to-sql/scope.ts'
export { reachQuery, relatedSetsOf, setQuery } from './to-sql/set-query.ts'
export { arrayLiteral, structureLiteral } from './to-sql/structure-literal.ts'
export { throughUtc } from './to-sql/through-utc.ts'
export { heldLiteral, typedLiteral } from './to-sql/typed-literal.ts'
export { allowing, denying } from './to-sql/verb-match.ts'
export { allowedToSql, deniedToSql, mayToSql } from './to-sql/verb-to-sql.ts'
export { rulesInWay, shownChoices, waysToSee } from './to-sql/ways-to-see.ts'
export { holdersOfAll, signedInWord, type WhoHolds } from './to-sql/who-holds.ts'
export type { RulePart } from './to-sql/written-parts.ts'
export { unindexedColumns } from './verify/sought-columns.ts'
export { checkDeclarations, type RefusedPart } from './write/check-declarations.ts'
export type { ModelDeclarations } from './write/model-declarations.ts'
export { type AppFiles, printApp } from './write/print-app.ts'
