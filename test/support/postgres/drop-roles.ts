import pg from 'pg'

/** Drops every role whose name begins with the prefix, but one. Their database is gone already, so only memberships hold them. */
export async function dropRoles(admin: pg.Client, prefix: string, except = ''): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    `select rolname as name from pg_roles where starts_with(rolname, $1) order by rolname like '%\\_set\\_%' desc, rolname desc`,
    [`${prefix}_`],
  )
  let left = rows.map(({ name }) => name).filter((name) => name !== except)
  // A role that granted others can go only after them.
  for (let before = Number.POSITIVE_INFINITY; left.length > 0 && left.length < before; ) {
    before = left.length
    const stuck: string[] = []
    for (const name of left) {
      await admin.query(`drop role ${pg.escapeIdentifier(name)}`).catch(() => stuck.push(name))
    }
    left = stuck
  }
  if (left.length > 0) throw new Error(`Roles of the test could not be dropped: ${left.join(', ')}`)
}
