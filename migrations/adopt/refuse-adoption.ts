import type { ClientBase } from 'pg'
import { OperatorError, quoteIdentifier } from '#base'
import type { Catalog } from '../catalog/catalog.ts'
import { readCatalogHere } from '../read/read-catalog.ts'
import type { RoleWords } from '../read/role-words.ts'
import { isTheirs } from '../render/render-adopted-view.ts'
import { adoptedOf } from '../render/render-adoption.ts'
import { adoptionFaults } from './adoption-faults.ts'
import { type AdoptionFacts, readAdoptionFacts } from './read-adoption-facts.ts'
import { readHeldKeys } from './read-held-keys.ts'
import { readViewFacts } from './read-view-facts.ts'
import { shapeFaults } from './shape-faults.ts'
import { tenantKeyFaults } from './tenant-key-faults.ts'
import { viewFaults } from './view-faults.ts'

/**
 * Looks at the tables that the model adopts and that are not the app's yet, before anything is touched.
 *
 * @param client the migrator's, not in a transaction
 * @throws ADOPTION_REFUSED with everything that keeps a table from being taken over
 */
export async function refuseAdoption(client: ClientBase, catalog: Catalog, words: RoleWords): Promise<void> {
  const faults = await adoptionFaultsOf(client, catalog, words)
  if (faults.length > 0) throw refused(faults)
}

/** Everything that keeps tables from being adopted that are not the app's yet, and keys in which tenants of any adopted table meet; one line each. Reads in one read-only snapshot. */
export async function adoptionFaultsOf(
  client: ClientBase,
  catalog: Catalog,
  words: RoleWords,
): Promise<readonly string[]> {
  const adopted = adoptedOf(catalog.tables)
  const theirs = (catalog.views ?? []).filter(isTheirs)
  if (adopted.length + theirs.length === 0) return []
  await client.query('begin transaction isolation level repeatable read, read only')
  try {
    // With an empty path Postgres qualifies every name that it prints.
    await client.query("select set_config('search_path', '', true)")
    const facts = await readAdoptionFacts(client, adopted)
    const fresh = adopted.filter((table) => {
      const found = facts.find(({ schema, name }) => schema === table.schema && name === table.name)
      return found === undefined || found.owner !== words.names.owner
    })
    const keys = await readHeldKeys(client, adopted)
    const live = await readCatalogHere(client, words, { tables: fresh })
    const shapes = fresh.flatMap((table) => {
      const found = facts.find(({ schema, name }) => schema === table.schema && name === table.name) ?? null
      const shape = live.tables.find(({ schema, name }) => schema === table.schema && name === table.name) ?? null
      return [
        ...adoptionFaults(table, found === null ? null : withoutAdopted(found, theirs)),
        ...(found === null || shape === null ? [] : shapeFaults(table, shape, found)),
      ]
    })
    // Also of tables that are the app's already: keys may come later, and so does what the model accepts.
    // Views belong to others, who may change them or let somebody in at any time.
    const seen = theirs.length === 0 ? [] : await readViewFacts(client, theirs, words.names.owner)
    const views = theirs.flatMap((view) => viewFaults(view, factsOf(view, seen), catalog))
    return [...shapes, ...adopted.flatMap((table) => tenantKeyFaults(table, keys)), ...views]
  } finally {
    await client.query('rollback').catch(() => undefined)
  }
}

function factsOf<Facts extends Place>(at: Place, all: readonly Facts[]): Facts | null {
  return all.find(({ schema, name }) => schema === at.schema && name === at.name) ?? null
}

interface Place {
  readonly schema: string
  readonly name: string
}

/** Views that are adopted too are looked at by themselves. */
function withoutAdopted(found: AdoptionFacts, theirs: readonly Place[]): AdoptionFacts {
  const word = (name: string) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteIdentifier(name))
  const names = theirs.map(({ schema, name }) => `${word(schema)}.${word(name)}`)
  return { ...found, views: found.views.filter((view) => !names.includes(view)) }
}

const mostListed = 30

function refused(faults: readonly string[]): OperatorError {
  const lines = faults.slice(0, mostListed).map((fault) => `  ${fault}`)
  if (faults.length > mostListed) lines.push(`  and ${faults.length - mostListed} more`)
  return new OperatorError(
    'ADOPTION_REFUSED',
    `What the model adopts cannot be taken over as it is:\n${lines.join('\n')}`,
    'Change the database or the model as the lines say; nothing was touched.',
  )
}
