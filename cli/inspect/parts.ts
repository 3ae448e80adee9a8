import type { InspectPart } from './inspection.ts'
import { er, states } from './show-diagrams.ts'
import { graphql } from './show-graphql.ts'
import { model } from './show-model.ts'
import { policies } from './show-policies.ts'
import { sql } from './show-sql.ts'
import { summary } from './show-summary.ts'
import { why } from './show-why.ts'

/** Everything that `inspect` shows, by the word that asks for it. */
export const inspectParts: Readonly<Record<string, InspectPart>> = {
  summary,
  model,
  sql,
  policies,
  graphql,
  er,
  states,
  why,
}
