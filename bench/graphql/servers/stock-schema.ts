import { PgAggregatesPreset } from '@graphile/pg-aggregates'
import { PgSimplifyInflectionPreset } from '@graphile/simplify-inflection'
import type {} from 'postgraphile/adaptors/pg'
import { makePgService } from 'postgraphile/adaptors/pg'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { poolSize } from './serving.ts'

/** PostGraphile as its documentation begins, with the plugin that it names for aggregates, over the tables of the example. */
export function stockPreset(databaseUrl: string): GraphileConfig.Preset {
  return {
    extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset, PgAggregatesPreset],
    pgServices: [makePgService({ connectionString: databaseUrl, schemas: ['app'], poolConfig: { max: poolSize } })],
  }
}
