import { PgSimplifyInflectionPlugin, PgSimplifyInflectionPreset } from '@graphile/simplify-inflection'

const { inflection } = PgSimplifyInflectionPlugin

/** The simplified names, without a warning for each name of a plugin that we do not use. */
export const simplifiedInflection: GraphileConfig.Preset = {
  ...PgSimplifyInflectionPreset,
  plugins: [
    {
      ...PgSimplifyInflectionPlugin,
      inflection: { ...inflection, ignoreReplaceIfNotExists: Object.keys(inflection?.replace ?? {}) as never },
    },
  ],
}
