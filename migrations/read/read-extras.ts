import type { View } from '../catalog/catalog.ts'
import { readFunctionExtras } from './extras/function-extras.ts'
import { readRelationExtras } from './extras/relation-extras.ts'
import { readRoleExtras } from './extras/role-extras.ts'
import { readSchemaExtras } from './extras/schema-extras.ts'
import { readTableExtras } from './extras/table-extras.ts'
import type { Extra } from './live-catalog.ts'
import type { Queryable } from './read-rows.ts'
import type { RoleWords } from './role-words.ts'

/** Everything in some schemas, and about the app's roles, that the catalog has no word for; sorted. */
export async function readExtras(
  client: Queryable,
  schemas: readonly string[],
  { words, views }: { readonly words: RoleWords; readonly views: readonly View[] },
): Promise<readonly Extra[]> {
  const found = [
    ...(await readRelationExtras(client, schemas, views)),
    ...(await readTableExtras(client, schemas)),
    ...(await readFunctionExtras(client, schemas)),
    ...(await readSchemaExtras(client, schemas, words)),
    ...(await readRoleExtras(client, words)),
  ]
  return found
    .map((extra) => ({ kind: extra.kind, object: words.text(extra.object), what: words.text(extra.what) }))
    .sort((a, b) => compare(sortKey(a), sortKey(b)))
}

function sortKey(extra: Extra): string {
  return `${extra.kind}\0${extra.object}\0${extra.what}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
