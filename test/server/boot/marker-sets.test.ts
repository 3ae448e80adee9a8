import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { ensureRoles } from '../../../migrations/roles/ensure-roles.ts'
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

test('so does one that is in the marker of several roles with one of them, or lacks it with all', async () => {
  const { names, migrator } = db()
  const model = m.makeModel({
    app: names.prefix,
    entities: { Order: { fields: { text: m.text() } }, Line: { relations: { order: m.one('Order') } } },
    roles: { admin: [], sales: [], lead: ['admin'] },
    policies: {
      Order: [m.allow('admins', 'admin', ['read'])],
      Line: [m.allow('sales', 'sales', ['read'], { where: m.path('order', m.may('read')) })],
    },
  })
  await ensureRoles(migrator, { names, roles: buildCatalog(model).roles, password: null })
  const [both, lead, sales] = await db().ensureRoleSets([['admin', 'sales'], ['lead', 'sales'], ['sales']])
  const login = await db().connect(db().loginUrl)
  const told = async () => (await checkRoleSets(login, model, names)).map(({ object }) => object)
  try {
    expect(await told()).toEqual([])
    const marker = `"${names.prefix}_both_admin__sales"`
    await migrator.query(
      `revoke ${marker} from "${lead}"; revoke ${marker} from "${both}"; grant ${marker} to "${sales}"`,
    )
    expect(new Set(await told())).toEqual(new Set([both, lead, sales]))
    for (const { fix } of await checkRoleSets(login, model, names)) await migrator.query(fix.join('\n'))
    expect(await told()).toEqual([])
  } finally {
    await login.end()
  }
})
