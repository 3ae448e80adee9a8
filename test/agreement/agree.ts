import type { Laboratory } from './database.ts'
import type { Feature } from './features.ts'
import { generateCase } from './generate.ts'
import { judge } from './judge.ts'
import { printDifference } from './print-difference.ts'
import { shrink } from './shrink.ts'

/** How far a run goes. */
export interface Agreement {
  /** Decisions to compare at least. */
  readonly decisions: number
  readonly seed: number
  readonly features: ReadonlySet<Feature>
  /** Compares every decision of the last model too, however many. */
  readonly isWhole?: boolean
  readonly tell: (line: string) => void
}

/** What a run came to. */
export interface Agreed {
  readonly decisions: number
  readonly differences: number
  /** Decisions that allowed something. */
  readonly allowed: number
  /** Generated apps. */
  readonly models: number
  /** Decisions by verb, those that allowed it and all of them. */
  readonly verbs: ReadonlyMap<string, readonly [allowed: number, all: number]>
}

/** Cases that are told at length; of the rest the number says enough. */
const mostTold = 3

/** Compares the decisions of every back-end with the evaluator's, model after model, until there are enough. */
export async function agree(
  laboratory: Laboratory,
  { decisions, seed, features, isWhole = false, tell }: Agreement,
): Promise<Agreed> {
  const sum = { decisions: 0, differences: 0, allowed: 0, models: 0, verbs: new Map<string, [number, number]>() }
  let told = 0
  for (let at = seed; sum.decisions < decisions; at++) {
    const asked = generateCase(at, features)
    const all = await judge(laboratory, asked)
    const verdicts = isWhole ? all : all.slice(0, decisions - sum.decisions)
    const differences = verdicts.filter(({ meant, found }) => meant !== found)
    sum.decisions += verdicts.length
    sum.differences += differences.length
    sum.allowed += verdicts.filter(({ meant }) => meant).length
    sum.models++
    for (const { attempt, meant } of verdicts) {
      const counted = sum.verbs.get(attempt.verb) ?? [0, 0]
      sum.verbs.set(attempt.verb, [counted[0] + (meant ? 1 : 0), counted[1] + 1])
    }
    const [first] = differences
    if (first === undefined || told++ >= mostTold) continue
    const least = await shrink(laboratory, { asked, verdict: first })
    tell(printDifference(at, least, differences.length))
  }
  return sum
}
