import type { PartPath } from './embed.ts'

/** Fields by name, each with what a word found there counts. */
export type SearchWeights<Name extends string> = { readonly [K in Name | PartPath]?: SearchWeight }

/** What a word found in a field counts: `A` most, `D` least. */
export type SearchWeight = 'A' | 'B' | 'C' | 'D'

/** Languages whose words Postgres knows how to reduce to their stems. */
export type SearchLanguage = (typeof searchLanguages)[number]

/** All {@link SearchLanguage}s: those that every supported version of Postgres has. */
export const searchLanguages = [
  'arabic',
  'armenian',
  'basque',
  'catalan',
  'danish',
  'dutch',
  'english',
  'finnish',
  'french',
  'german',
  'greek',
  'hindi',
  'hungarian',
  'indonesian',
  'irish',
  'italian',
  'lithuanian',
  'nepali',
  'norwegian',
  'portuguese',
  'romanian',
  'russian',
  'serbian',
  'spanish',
  'swedish',
  'tamil',
  'turkish',
  'yiddish',
] as const
