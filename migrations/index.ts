export { readLeadingColumns } from './adopt/read-leading-columns.ts'
export { agreedWith } from './catalog/agreements.ts'
export { buildCatalog } from './catalog/build-catalog.ts'
export type {
  Catalog,
  CatalogRole,
  Column,
  Constraint,
  DatabaseFunction,
  Grant,
  Index,
  Policy,
  RoleName,
  Table,
  Trigger,
  View,
} from './catalog/catalog.ts'
export { denyOfPolicy } from './catalog/deny-of-policy.ts'
export { exclusionName, pairCheckName } from './catalog/exclusions.ts'
export { actionName, grantedActions } from './catalog/functions/action-function.ts'
export { appActionName } from './catalog/functions/app-action-function.ts'
export { becauseName, tellsWhy } from './catalog/functions/because-function.ts'
export { frozenMessage, requiredCheckName } from './catalog/functions/frozen-function.ts'
export { guardMessage } from './catalog/functions/guard-function.ts'
export { reservedMessage } from './catalog/functions/guard-reserves.ts'
export { isHooked } from './catalog/functions/hooked-transition.ts'
export { followedLineages, lineName } from './catalog/functions/line-function.ts'
export { movable, moveName } from './catalog/functions/move-function.ts'
export { hasOptions, optionsName } from './catalog/functions/options-function.ts'
export { type OrderedPart, orderedParts } from './catalog/functions/place.ts'
export { rightsName, rightsVerbs } from './catalog/functions/rights-function.ts'
export { foundKeys, searchName } from './catalog/functions/search-functions.ts'
export {
  grantedTransitions,
  maxTransitionNote,
  transitionName,
} from './catalog/functions/transition-function.ts'
export { deniedMessage } from './catalog/functions/verb-body.ts'
export { transitionsOf } from './catalog/histories.ts'
export { rowKeyOf } from './catalog/row-key.ts'
export { targetCheckName } from './catalog/shared-constraints.ts'
export { checkServerVersion } from './connect/check-server-version.ts'
export { connect, type DatabasePlace, readPlace } from './connect/connect.ts'
export { inTransaction } from './connect/in-transaction.ts'
export { firstSafeMinor, holesOf, newestFix } from './connect/known-holes.ts'
export type { Change, ChangeClass } from './diff/change.ts'
export { diffCatalogs } from './diff/diff-catalogs.ts'
export { renderAdditions } from './diff/render-additions.ts'
export { type ReplayOptions, replayEvents } from './events/replay-events.ts'
export { type SweepOptions, sweepEvents } from './events/sweep-events.ts'
export { type Effect, type Finding, type FindingCode, findingKinds } from './import/finding.ts'
export { type ImportedDatabase, importDatabase } from './import/import-database.ts'
export { compareCatalogs, type Difference, formatDifference } from './read/compare-catalogs.ts'
export type { Extra, LiveCatalog } from './read/live-catalog.ts'
export { readCatalog } from './read/read-catalog.ts'
export { type Queryable, readRows } from './read/read-rows.ts'
export { type RoleWords, roleWords } from './read/role-words.ts'
export { renderCatalog } from './render/render-catalog.ts'
export { createExtension, neededExtensions } from './render/render-extensions.ts'
export { renderPolicy } from './render/render-fence.ts'
export { type Refreshed, type RefreshOptions, refreshReports } from './reports/refresh-reports.ts'
export { ensureRoles } from './roles/ensure-roles.ts'
export { isMarkerName } from './roles/marker-roles.ts'
export {
  appRoleName,
  type PlatformRoles,
  platformRoles,
  replacePlaceholders,
  resolveRole,
  rolePlaceholders,
} from './roles/platform-roles.ts'
export { openProvisioner, type Provisioner } from './roles/provisioner.ts'
export { loginBecomes, queueRoles } from './roles/queue-roles.ts'
export { roleSetName } from './roles/role-set-name.ts'
export { ensureRoleSets, roleSetsAhead } from './roles/role-sets.ts'
export { createRole, groupRoleSql, loginRoleSql, markersOfSet, queueRoleSql, roleSetSql } from './roles/role-sql.ts'
export { canonicalCatalog } from './run/canonical-catalog.ts'
export type { CatalogRecord } from './run/catalog-record.ts'
export { expectCatalog, followModel } from './run/follow-model.ts'
export { makeAnew } from './run/make-anew.ts'
export { type MigrateOptions, type MigrateResult, migrate } from './run/migrate.ts'
export { migrationStatus, type StatusOptions } from './run/migration-status.ts'
export { type StandIns, standInsFor } from './run/stand-ins.ts'
export { writeFirstMigration } from './run/write-first-migration.ts'
export { type StoredFill, storedFills } from './stored/fill-stored.ts'
export { type BrokenRule, brokenRowsSql, findBroken, type RuleOf } from './stored/find-broken.ts'
export { type Drift, type DriftOptions, findDrift } from './stored/find-drift.ts'
export { migrateSystem } from './system/migrate-system.ts'
export { annotatedSql, type Notes } from './why/annotated-sql.ts'
export { type CatalogObject, nameOfObject, objectsOf, objectsOfTable } from './why/catalog-object.ts'
export { explainer } from './why/explain-object.ts'
export type { Explanation } from './why/explanation.ts'
