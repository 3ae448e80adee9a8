import type { AppExports } from '#policies'
import type { Model } from '#schema'
import type { SeedData, Settings, ShownProblem } from '#server'

/** What the files of an app say at one moment. */
export interface AppSnapshot {
  /** Absolute path without symbolic links. */
  readonly folder: string
  readonly model: Model
  /** Identifies the model. */
  readonly hash: string
  readonly exports: AppExports
  readonly settings: Settings
  /** What the author should know; stops nothing. */
  readonly warnings: readonly ShownProblem[]
  /** Null when there is no `seed.ts`; `unread` when it was not asked for. */
  readonly seed: SeedData | 'unread' | null
}

/** What came of loading an app: all of it, or everything that is wrong with it. */
export type LoadResult =
  | { readonly kind: 'loaded'; readonly app: AppSnapshot; readonly files: AppFiles }
  | {
      readonly kind: 'broken'
      readonly problems: readonly ShownProblem[]
      /** Where entities and roles are exported, when every file could be imported. */
      readonly declared: { readonly folder: string; readonly exports: AppExports } | null
      readonly files: AppFiles
    }

/** Files that were imported, as absolute paths without symbolic links. */
export interface AppFiles {
  readonly all: readonly string[]
  /** `seed.ts` and what it imports; empty when it was not read. */
  readonly seed: readonly string[]
}

/** What a loader thread is told when it starts. */
export interface LoaderPlan {
  /** Absolute path of the app. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** What a loader thread says. `entered`: a file of the app that it begins to run. */
export type LoaderMessage =
  | { readonly kind: 'entered'; readonly file: string }
  | { readonly kind: 'result'; readonly result: LoadResult }
