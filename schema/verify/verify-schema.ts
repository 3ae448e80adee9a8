import type { LoadedApp } from '../load/load-app.ts'
import type { Problems } from '../load/problems.ts'
import type { Model } from '../model/model.ts'
import { verifyActions } from './actions.ts'
import { verifyAdopted } from './adopted.ts'
import { verifyAdoptedViews } from './adopted-views.ts'
import { verifyChoices } from './choices.ts'
import { verifyColumns } from './columns.ts'
import { type Verification, verification } from './context.ts'
import { verifyCopied } from './copied.ts'
import { verifyDeclarations } from './declarations.ts'
import { verifyDefaults } from './defaults.ts'
import { verifyDeprecated } from './deprecated.ts'
import { verifyEmbeds } from './embeds.ts'
import { verifyEvents } from './events.ts'
import { verifyExpires } from './expires.ts'
import { verifyFormulaSyntax } from './formula-syntax.ts'
import { verifyFormulas } from './formulas.ts'
import { verifyHistory } from './history.ts'
import { verifyHooks } from './hooks.ts'
import { verifyIdentityIds, warnOfNarrowIds } from './identity-ids.ts'
import { verifyImmutable } from './immutable.ts'
import { verifyIndexInclude } from './index-include.ts'
import { verifyIndexUsing } from './index-using.ts'
import { verifyKeys } from './keys.ts'
import { verifyLifecycleNames } from './lifecycle-names.ts'
import { verifyLifecycles } from './lifecycles.ts'
import { verifyLimits } from './limits.ts'
import { verifyLinks } from './links.ts'
import { verifyMoney } from './money.ts'
import { verifyNameClashes } from './name-clashes.ts'
import { verifyNames } from './names.ts'
import { verifyNoOverlaps } from './no-overlaps.ts'
import { verifyNumberings } from './numberings.ts'
import { verifyParts } from './parts.ts'
import { verifyPatterns } from './patterns.ts'
import { verifyRelations } from './relations.ts'
import { verifyRemovals } from './removals.ts'
import { verifyReports } from './reports.ts'
import { verifyRequiredCircles } from './required-circles.ts'
import { verifyRuleDefaults } from './rule-defaults.ts'
import { verifyRuleDuplicates } from './rule-duplicates.ts'
import { verifyRuleFields } from './rule-fields.ts'
import { verifyRuleLimits } from './rule-limits.ts'
import { verifySamePaths } from './same-paths.ts'
import { verifySearch } from './search.ts'
import { verifySecrets } from './secrets.ts'
import { verifySort } from './sort.ts'
import { verifyStored } from './stored.ts'
import { verifyStructures } from './structures.ts'
import { verifySyntax } from './syntax.ts'
import { verifyTenantSelf } from './tenant-self.ts'
import { verifyTenantShared } from './tenant-shared.ts'
import { verifyTrees } from './trees.ts'
import { verifyUniqueNulls } from './unique-nulls.ts'
import { verifyUsualIds } from './usual-ids.ts'
import { verifyVerbs } from './verbs.ts'
import { verifyWholeOfPart } from './whole-of-part.ts'

const checks: readonly ((check: Verification) => void)[] = [
  verifyDeclarations,
  verifySyntax,
  verifyNames,
  verifyNameClashes,
  verifyChoices,
  verifyLimits,
  verifyPatterns,
  verifyDefaults,
  verifyMoney,
  verifyStructures,
  verifySecrets,
  verifyFormulaSyntax,
  verifyFormulas,
  verifyReports,
  verifyColumns,
  verifyEmbeds,
  verifyNoOverlaps,
  verifyRelations,
  verifyRequiredCircles,
  verifyLinks,
  verifyAdopted,
  verifyAdoptedViews,
  verifyKeys,
  verifyIdentityIds,
  verifyRemovals,
  verifyUsualIds,
  verifyLifecycles,
  verifyLifecycleNames,
  verifyVerbs,
  verifyActions,
  verifyHooks,
  verifyRuleFields,
  verifyRuleDuplicates,
  verifyRuleDefaults,
  verifyRuleLimits,
  verifyIndexUsing,
  verifyIndexInclude,
  verifyUniqueNulls,
  verifyDeprecated,
  verifySort,
  verifyImmutable,
  verifyTenantSelf,
  verifyExpires,
  verifySearch,
  verifyHistory,
  verifyEvents,
  verifyTenantShared,
  verifyParts,
  verifyWholeOfPart,
  verifySamePaths,
  verifyTrees,
  verifyNumberings,
  verifyCopied,
  verifyStored,
]

/** What to tell of an app whose entities are sound. */
export function warnOfSchema(app: LoadedApp, model: Model, problems: Problems): void {
  warnOfNarrowIds(verification(app, model, problems))
}

/** Reports every mistake in how the app is written and in its entities. */
export function verifySchema(app: LoadedApp, model: Model, problems: Problems): void {
  const check = verification(app, model, problems)
  for (const verify of checks) verify(check)
}
