import 'postgraphile'

/**
 * `includes`, `startsWith` and `endsWith` look for the text as it is. The filter plugin escapes `%` and `_` alone, so that a backslash was lost, or made the
 * pattern unreadable at the end of it.
 */
export const LikeWildcardsPlugin: GraphileConfig.Plugin = {
  name: 'LikeWildcardsPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      build: {
        after: ['PgConnectionArgFilterPlugin'],
        callback: (build) => Object.assign(build, { escapeLikeWildcards }),
      },
    },
  },
}

function escapeLikeWildcards(value: unknown): string {
  return String(value).replaceAll(/[\\%_]/g, '\\$&')
}
