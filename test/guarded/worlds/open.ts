import type pg from 'pg'
import type { Protection } from '../../attack/side-doors/without.ts'

interface Faces {
  readonly table: string
  readonly faces: readonly string[]
  readonly isOpen: boolean
}

async function allFaces(client: pg.ClientBase): Promise<readonly Faces[]> {
  const { rows } = await client.query<Faces>(
    `select c.oid::regclass::text as table, array_agg(f.oid::regclass::text order by f.relname desc) as faces,
       exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'open') as "isOpen"
     from pg_class v join pg_class c on v.relname = c.relname || '__shown' and c.relnamespace = v.relnamespace
       join pg_class f on f.relnamespace = c.relnamespace and f.relname like c.relname || '\\_\\_face\\_%'
     where v.relkind = 'v' and v.relnamespace = 'app'::regnamespace group by c.oid`,
  )
  return rows
}

/** What hides fields: all rows that are shown stand on the face that shows all fields. */
export const openFields: Protection = {
  statements: async (client) => {
    const all = await allFaces(client)
    return {
      remove: all.flatMap(({ table, faces, isOpen }) => [
        `create policy "opened" on ${table} for select to public using (${isOpen ? 'open and deleted_at is null' : 'true'})`,
        ...faces.map((face) => `create policy "closed" on ${face} as restrictive for select to public using (false)`),
      ]),
      restore: all.flatMap(({ table, faces }) => [
        `drop policy "opened" on ${table}`,
        ...faces.map((face) => `drop policy "closed" on ${face}`),
      ]),
    }
  },
}

/** What hides rows: those of the tenant that the rules do not show stand on the face that shows no hidden field. */
export const openRows: Protection = {
  statements: async (client) => {
    const all = (await allFaces(client)).filter(({ isOpen }) => isOpen)
    return {
      remove: all.map(({ faces }) => `create policy "opened" on ${faces.at(-1)} for select to public using (not open)`),
      restore: all.map(({ faces }) => `drop policy "opened" on ${faces.at(-1)}`),
    }
  },
}
