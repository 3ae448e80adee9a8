/** Parts of the language that generated rules use. What Postgres does not enforce yet is left out of {@link landed}. */
export const features = [
  'path',
  'computed',
  'reach',
  'becoming',
  'only',
  'unless',
  'except',
  'itsColumn',
  'many',
  'may',
  'callerFact',
  'roleFact',
  'claimFact',
  'own',
  'rowWay',
  'now',
  'was',
  'within',
  'reserve',
  'sets',
] as const

/** One of {@link features}. */
export type Feature = (typeof features)[number]

/** Those that every back-end knows. A new one is added here when it lands, or tried with `--features`. */
export const landed: ReadonlySet<Feature> = new Set([
  'path',
  'computed',
  'reach',
  'becoming',
  'only',
  'unless',
  'except',
  'itsColumn',
  'many',
  'may',
  'callerFact',
  'roleFact',
  'claimFact',
  'own',
  'rowWay',
  'now',
  'was',
])
