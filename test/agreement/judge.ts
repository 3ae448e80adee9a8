import type { World } from '#policies'
import { backEnds, type Case, type Verdict, worldOf } from './back-ends.ts'
import type { Laboratory } from './database.ts'

/** How the evaluator is shown a case: a test shows it something else than the database. */
export type Sight = (asked: Case, now: string) => World

/** Every back-end's decisions of one case. */
export async function judge(laboratory: Laboratory, asked: Case, sight: Sight = worldOf): Promise<readonly Verdict[]> {
  return laboratory.with(asked, async (database) => {
    const world = sight(asked, await database.now())
    const all: Verdict[] = []
    for (const backEnd of backEnds) all.push(...(await backEnd(asked, world, database)))
    return all
  })
}
