import { quoteIdentifier } from '#base'
import type { BootProblem } from './boot-problem.ts'
import { type Queryable, readRows, sql } from './query.ts'

interface Definer {
  /** Quoted, with the types of its arguments. */
  readonly name: string
  readonly signature: string
  readonly owner: string
  readonly fixed: boolean
}

/** Whom definer functions should belong to. */
export interface DefinerOwners {
  /** Who owns them, but for those that are named; the schema is theirs. */
  readonly usual: string
  /** Who owns those of the queue of jobs. */
  readonly queue: string
  /** Owners of the others by signature: `rowhouse_private.find_order(text, boolean)`. */
  readonly others: ReadonlyMap<string, string>
}

/**
 * Functions in our schemas that run with their owner's rights, and can be misled by their caller or have an owner with other rights than
 * the rules count on.
 */
export async function checkDefiners(client: Queryable, owners: DefinerOwners): Promise<readonly BootProblem[]> {
  const found = await readDefiners(client)
  return found.flatMap((one) => [
    ...(one.fixed ? [] : [misleading(one)]),
    ...(one.owner === ownerOf(one, owners) ? [] : [foreign(one, owners)]),
  ])
}

function misleading({ signature, name }: Definer): BootProblem {
  return {
    code: 'FUNCTION_EXPOSED',
    object: signature,
    message: `Function "${signature}" runs with its owner's rights, and its caller's search_path decides what its names mean.`,
    hint: "Give it `set search_path = ''` or a body `begin atomic … end`, or drop it if Rowhouse did not make it.",
    fix: [`alter function ${name} set search_path = '';`],
  }
}

function ownerOf({ signature }: Definer, { usual, queue, others }: DefinerOwners): string {
  return others.get(signature) ?? (signature.startsWith('rowhouse_queue.') ? queue : usual)
}

function foreign(one: Definer, owners: DefinerOwners): BootProblem {
  const owner = ownerOf(one, owners)
  return {
    code: 'FUNCTION_EXPOSED',
    object: one.signature,
    message: `Function "${one.signature}" runs with the rights of "${one.owner}", not of "${owner}".`,
    hint: 'Undo the change of its owner, or drop it if Rowhouse did not make it.',
    // Only those of `rowhouse_private` and `rowhouse_queue` are meant to have an owner's rights.
    fix: /^rowhouse_(private|queue)\./.test(one.signature)
      ? handBack(one, owner, owners)
      : [`alter function ${one.name} security invoker;`],
  }
}

/** Whoever is given a function may create in its schema at that moment. */
function handBack({ name }: Definer, owner: string, { usual, queue }: DefinerOwners): readonly string[] {
  const role = quoteIdentifier(owner)
  const given = `alter function ${name} owner to ${role};`
  if (owner === usual || owner === queue) return [given]
  const right = 'create on schema rowhouse_private'
  return [`grant ${right} to ${role};`, given, `revoke ${right} from ${role};`]
}

// `pg_temp` comes first unless it is listed, so a path is safe when it is empty or names it last.
function readDefiners(client: Queryable): Promise<readonly Definer[]> {
  return readRows<Definer>(
    client,
    sql`
    select n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')' as signature,
      p.oid::regprocedure::text as name,
      pg_get_userbyid(p.proowner)::text as owner,
      p.prosqlbody is not null
        or coalesce(p.proconfig && array['search_path=""', 'search_path=pg_catalog, pg_temp'], false) as fixed
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and n.nspname in ('app', 'rowhouse', 'rowhouse_private', 'rowhouse_queue')
    order by 1`,
  )
}
