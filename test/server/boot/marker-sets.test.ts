import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { checkRoleSets } from '../../../server/postgres/boot-checks/check-role-sets.ts'
import { useDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'

const db = useDatabase()

test('a role set that lacks a marker, or is in a wrong one, keeps the server from starting; the SQL that is told mends it', async () => {
  const { names, migrator } = db()
  const model = m.makeModel({
    app: names.prefix,
    entities: { Note: { fields: { text: m.text() } } },
    roles: { admin: [], sales: [], lead: ['admin'] },
    policies: { Note: [m.deny('only admins', 'not admin', ['read'])] },
  })
  await db().applyCatalog(buildCatalog(model))
  const [none, admin, lead] = await db().ensureRoleSets([[], ['admin'], ['lead'], ['sales']])
  const login = await db().connect(db().loginUrl)
  const told = async () => (await checkRoleSets(login, model, names)).map(({ object }) => object)
  try {
    expect(await told()).toEqual([])
    await migrator.query(`revoke "${names.prefix}_not_admin" from "${none}"`)
    await migrator.query(`grant "${names.prefix}_not_admin" to "${admin}", "${lead}"`)
    expect(new Set(await told())).toEqual(new Set([admin, lead, none]))
    for (const { fix } of await checkRoleSets(login, model, names)) await migrator.query(fix.join('\n'))
    expect(await told()).toEqual([])
  } finally {
    await login.end()
  }
})
