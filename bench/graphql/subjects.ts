import pg from 'pg'
import type { ExampleDatabase } from './example-database.ts'
import type { Subjects } from './shapes.ts'

/** What the caller of the bench sees of the example. */
export async function findSubjects({ adminUrl, claims }: ExampleDatabase): Promise<Subjects> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    await admin.query('begin')
    for (const [name, value] of Object.entries(claims))
      await admin.query('select set_config($1, $2, true)', [name, value])
    const ids = async (text: string) => (await admin.query<{ id: string }>(text)).rows.map(({ id }) => id)
    return {
      tenant: claims['rowhouse.tenant_id']!,
      orders: await ids('select id from app."order" order by md5(id::text) limit 500'),
      customers: await ids('select id from app.customer order by id'),
    }
  } finally {
    await admin.end()
  }
}
