import type { ClientBase } from 'pg'
import { OperatorError, type Sql } from '#base'
import { brokenRowsSql } from '#migrations'
import { indexModel } from '#policies'
import { type Entity, type Model, rulesAtCommit } from '#schema'
import { shownKey } from './seed-problems.ts'
import { runSql } from './send-rows.ts'

/**
 * Holds rows to the rules that look at other rows, once all of them are there: the triggers that would are off while a seed is written.
 *
 * @param entities those whose rows the owner sees
 * @throws OperatorError SEED_INVALID naming the first row that breaks one
 */
export async function holdRules(client: ClientBase, entities: readonly Entity[], model: Model): Promise<void> {
  const index = indexModel(model)
  for (const { name } of entities) {
    const entity = index.entities.get(name)!
    for (const rule of rulesAtCommit(entity, index.entities)) {
      const key = await firstKey(client, brokenRowsSql({ entity, rule }, index, 1))
      if (key === null) continue
      const message = `A row of the seed of "${name}" (${shownKey(entity.key, key)}) breaks a rule: ${name}: ${rule.title}.`
      throw new OperatorError('SEED_INVALID', message, 'Mend "seed.ts"; nothing was written.')
    }
  }
}

async function firstKey(client: ClientBase, query: Sql): Promise<readonly unknown[] | null> {
  const [found] = (await runSql(client, query)).rows as readonly { readonly keys: readonly string[] }[]
  return found?.keys ?? null
}
