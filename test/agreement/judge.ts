import type { World } from '#policies'
import { backEnds, type Case, type Verdict, worldOf } from './back-ends.ts'
import type { Laboratory } from './database.ts'

/** How the evaluator is shown a case: a test shows it something else than the database. */
export type Sight = (asked: Case, now: string) => World

/** What is judged how. */
export interface Judging {
  readonly sight?: Sight | undefined
  /** Name of the one back-end that is asked; left out, all are. */
  readonly only?: string
}

/** Every back-end's decisions of one case. */
export async function judge(
  laboratory: Laboratory,
  asked: Case,
  { sight = worldOf, only }: Judging = {},
): Promise<readonly Verdict[]> {
  return laboratory.with(asked, async (database) => {
    const world = sight(asked, await database.now())
    const all: Verdict[] = []
    for (const [name, backEnd] of backEnds)
      if (only === undefined || only === name) all.push(...(await backEnd(asked, world, database)))
    return all
  })
}
