import { PgAggregatesPreset } from '@graphile/pg-aggregates'
import { PgManyToManyPreset } from '@graphile-contrib/pg-many-to-many'
import { PgOrderByRelatedPlugin } from '@graphile-contrib/pg-order-by-related'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { PostGraphileConnectionFilterPreset } from 'postgraphile-plugin-connection-filter'
import { NestedInputsPlugin } from './nested/nested-inputs.ts'
import { ActionMutationsPlugin } from './plugins/action-mutations-plugin.ts'
import { AggregateTypesPlugin } from './plugins/aggregate-types-plugin.ts'
import { AppActionsPlugin } from './plugins/app-actions-plugin.ts'
import { BatchMutationsPlugin } from './plugins/batch-mutations-plugin.ts'
import { BehaviorMemoPlugin } from './plugins/behavior-memo-plugin.ts'
import { CanPlugin } from './plugins/can-plugin.ts'
import { DefaultOrderPlugin } from './plugins/default-order-plugin.ts'
import { DeprecationPlugin } from './plugins/deprecation-plugin.ts'
import { DistinctPlugin } from './plugins/distinct-plugin.ts'
import { EmbedPlugin } from './plugins/embed-plugin.ts'
import { EmptyQuantifiersPlugin } from './plugins/empty-quantifiers-plugin.ts'
import { ExactScalarsPlugin } from './plugins/exact-scalars-plugin.ts'
import { FailedJobsPlugin } from './plugins/failed-jobs-plugin.ts'
import { FiniteFloatsPlugin } from './plugins/finite-floats-plugin.ts'
import { GroupIntervalsPlugin } from './plugins/group-intervals-plugin.ts'
import { HavingPlugin } from './plugins/having-plugin.ts'
import { HeldCodecsPlugin } from './plugins/held-codecs-plugin.ts'
import { HiddenFieldsPlugin } from './plugins/hidden-fields-plugin.ts'
import { HiddenTargetsPlugin } from './plugins/hidden-targets-plugin.ts'
import { IdempotencyPlugin } from './plugins/idempotency-plugin.ts'
import { LikeWildcardsPlugin } from './plugins/like-wildcards-plugin.ts'
import { LineageFilterPlugin } from './plugins/lineage-filter-plugin.ts'
import { LineagePlugin } from './plugins/lineage-plugin.ts'
import { LinkMutationsPlugin } from './plugins/link-mutations-plugin.ts'
import { LinkWordsPlugin } from './plugins/link-words-plugin.ts'
import { MinorMoneyPlugin } from './plugins/minor-money-plugin.ts'
import { ModelBehaviorPlugin } from './plugins/model-behavior-plugin.ts'
import { ModelNamesPlugin } from './plugins/model-names-plugin.ts'
import { NullOrderPlugin } from './plugins/null-order-plugin.ts'
import { OneOfPlugin } from './plugins/one-of-plugin.ts'
import { PageInfoPlugin } from './plugins/page-info-plugin.ts'
import { PageSizePlugin } from './plugins/page-size-plugin.ts'
import { PeriodPlugin } from './plugins/period-plugin.ts'
import { PlaceOrderPlugin } from './plugins/place-order-plugin.ts'
import { RelatedOrderPlugin } from './plugins/related-order-plugin.ts'
import { RowInputsPlugin } from './plugins/row-inputs-plugin.ts'
import { RowMutationsPlugin } from './plugins/row-mutations-plugin.ts'
import { SearchPlugin } from './plugins/search-plugin.ts'
import { ShapeFilterPlugin } from './plugins/shape-filter-plugin.ts'
import { StatementCountPlugin } from './plugins/statement-count-plugin.ts'
import { StructuresPlugin } from './plugins/structures-plugin.ts'
import { SureFieldsPlugin } from './plugins/sure-fields-plugin.ts'
import { TenantScriptsPlugin } from './plugins/tenant-scripts-plugin.ts'
import { ThroughFilterPlugin } from './plugins/through-filter-plugin.ts'
import { TransitionsPlugin } from './plugins/transitions-plugin.ts'
import { ViewerPlugin } from './plugins/viewer-plugin.ts'
import { simplifiedInflection } from './simplified-inflection.ts'

/** Everything that shapes the API, as a table of contents. */
export const apiPreset: GraphileConfig.Preset = {
  extends: [
    PostGraphileAmberPreset,
    simplifiedInflection,
    PostGraphileConnectionFilterPreset,
    PgAggregatesPreset,
    PgManyToManyPreset,
  ],
  plugins: [
    PgOrderByRelatedPlugin,
    RelatedOrderPlugin,
    NullOrderPlugin,
    PlaceOrderPlugin,
    AggregateTypesPlugin,
    ModelNamesPlugin,
    ModelBehaviorPlugin,
    DefaultOrderPlugin,
    DeprecationPlugin,
    ExactScalarsPlugin,
    LikeWildcardsPlugin,
    MinorMoneyPlugin,
    HeldCodecsPlugin,
    PageSizePlugin,
    PageInfoPlugin,
    GroupIntervalsPlugin,
    HavingPlugin,
    DistinctPlugin,
    StructuresPlugin,
    ShapeFilterPlugin,
    PeriodPlugin,
    EmbedPlugin,
    RowInputsPlugin,
    NestedInputsPlugin,
    RowMutationsPlugin,
    BatchMutationsPlugin,
    ActionMutationsPlugin,
    AppActionsPlugin,
    LineagePlugin,
    SearchPlugin,
    LineageFilterPlugin,
    LinkMutationsPlugin,
    IdempotencyPlugin,
    LinkWordsPlugin,
    ThroughFilterPlugin,
    EmptyQuantifiersPlugin,
    OneOfPlugin,
    HiddenTargetsPlugin,
    FiniteFloatsPlugin,
    HiddenFieldsPlugin,
    SureFieldsPlugin,
    ViewerPlugin,
    CanPlugin,
    TransitionsPlugin,
    TenantScriptsPlugin,
    FailedJobsPlugin,
    StatementCountPlugin,
    BehaviorMemoPlugin,
  ],
  // A filter without conditions is met by every row, as in SQL.
  // The rows of a list are all there: `nodes` and `edges` hold no null.
  schema: { connectionFilterAllowEmptyObjectInput: true, pgForbidSetofFunctionsToReturnNull: true, muteWarnings: true },
  grafast: { timeouts: { planning: 5_000, execution: 30_000 } },
  disablePlugins: [
    // A schema with a part missing is worse than none.
    'SwallowErrorsPlugin',
    // Every field may be filtered and ordered by, indexed or not.
    'PgIndexBehaviorsPlugin',
    // `filter` does all that `condition` does.
    'PgConditionArgumentPlugin',
    'PgConditionCustomFieldsPlugin',
    // Mutations are ours.
    'PgMutationCreatePlugin',
    'PgMutationUpdateDeletePlugin',
    'PgMutationPayloadEdgePlugin',
    // `order(id)` and `node(nodeId)` are enough; no `orderByNodeId`.
    'NodeAccessorPlugin',
  ],
}
