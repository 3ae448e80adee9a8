import { searchRole } from '#policies'
import type { RoleName } from '../catalog/catalog.ts'
import { roleText } from './render-fence.ts'

/** Statements of one owner's functions; that of the functions that find rows by words may make something for that moment alone. */
export function asFunctionOwner(role: RoleName, pieces: readonly string[]): readonly string[] {
  if (pieces.length === 0) return []
  if (role === searchRole) return [searchBegin, ...pieces, searchEnd]
  return [`set local role ${roleText(role)};`, ...pieces]
}

const searchBegin = `set local role ":OWNER";
grant usage on schema app, rowhouse to ":SEARCH";
grant execute on function rowhouse.tenant_id(), rowhouse.search_query(regconfig, text), rowhouse.search_index_query(tsquery) to ":SEARCH";
set local role ":PRIVATE";
grant usage, create on schema rowhouse_private to ":SEARCH";
set local role ":SEARCH";`

const searchEnd = `set local role ":PRIVATE";
revoke create on schema rowhouse_private from ":SEARCH";`

/** Ends what the owner of those functions was let into, when the last of them is gone. */
export const searchGone = `set local role ":OWNER";
revoke usage on schema app, rowhouse from ":SEARCH";
revoke execute on function rowhouse.tenant_id(), rowhouse.search_query(regconfig, text), rowhouse.search_index_query(tsquery) from ":SEARCH";
set local role ":PRIVATE";
revoke usage on schema rowhouse_private from ":SEARCH";`
