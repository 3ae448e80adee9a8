import { generateAttempts } from './attempts.ts'
import type { Case } from './back-ends.ts'
import type { Feature } from './features.ts'
import { generateModel } from './model.ts'
import { Random } from './random.ts'
import { generateCallers, generateMoves, generateRows } from './rows.ts'

/** The case that follows from a seed. */
export function generateCase(seed: number, features: ReadonlySet<Feature>): Case {
  const random = new Random(seed)
  const model = generateModel(random, features)
  const rows = generateRows(random, model)
  const moves = features.has('carried') ? generateMoves(random, model, rows) : []
  return { model, rows, moves, callers: generateCallers(random), attempts: generateAttempts(random, model, rows) }
}
