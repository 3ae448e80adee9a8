import { describe, expect, test } from 'vitest'
import { catalogRoles } from '../../../migrations/catalog/roles.ts'
import { ensureRoles } from '../../../migrations/roles/ensure-roles.ts'
import { openProvisioner } from '../../../migrations/roles/provisioner.ts'
import { roleSetName } from '../../../migrations/roles/role-set-name.ts'
import { roleSetSql } from '../../../migrations/roles/role-sql.ts'
import { useDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'

const db = useDatabase({ roles: ['admin', 'sales', 'lead'], migrator: 'plain' })

const roles = (includes: readonly string[] = []) => [
  { name: 'admin', note: null, includes: [] },
  { name: 'sales', note: null, includes: [] },
  { name: 'lead', note: null, includes },
]
const notAdmin = { name: ':NOT_ADMIN', all: [], except: ['admin'] } as const
const notBoth = { name: ':NOT_ADMIN__SALES', all: [], except: ['admin', 'sales'] } as const

async function ensure(
  markers: Parameters<typeof catalogRoles>[1],
  includes: readonly string[] = [],
  provisioner: string | null = null,
) {
  await ensureRoles(db().migrator, {
    names: db().names,
    roles: catalogRoles(roles(includes), markers),
    password: null,
    provisioner,
  })
}

async function markersOf(role: string): Promise<readonly string[]> {
  const { rows } = await db().migrator.query(
    `select replace(rolname, $2 || '_not_', '') as name from pg_roles where starts_with(rolname, $2 || '_not_') and pg_has_role($1, oid, 'usage') order by 1`,
    [role, db().names.prefix],
  )
  return rows.map(({ name }) => name)
}

const set = (...names: string[]) => roleSetName(db().names.prefix, names)

describe('marker roles', () => {
  test('sets made before a marker join it, those that it does not hold for do not', async () => {
    await db().ensureRoleSets([[], ['admin'], ['sales'], ['admin', 'sales'], ['lead']])
    await ensure([notAdmin, notBoth])
    expect(await markersOf(set())).toEqual(['admin', 'admin__sales'])
    expect(await markersOf(set('sales'))).toEqual(['admin'])
    for (const roles of [['admin'], ['admin', 'sales']]) expect(await markersOf(set(...roles))).toEqual([])
    expect(await markersOf(db().names.anonymous)).toEqual(['admin', 'admin__sales'])
  })

  test('sets made later join what holds for them, and are found whole', async () => {
    await ensure([notAdmin, notBoth])
    await db().ensureRoleSets([['lead', 'sales'], ['lead', 'admin'], ['lead']])
    await db().ensureRoleSets([['lead', 'sales'], ['lead', 'admin'], ['lead']])
    expect(await markersOf(set('lead', 'sales'))).toEqual(['admin'])
    expect(await markersOf(set('lead', 'admin'))).toEqual([])
    expect(await markersOf(set('lead'))).toEqual(['admin', 'admin__sales'])
  })

  test('a role that comes to include an excepted one leaves the marker, and joins again when it no longer does', async () => {
    await ensure([notAdmin, notBoth], ['admin'])
    expect(await markersOf(set('lead'))).toEqual([])
    await ensure([notAdmin, notBoth])
    expect(await markersOf(set('lead'))).toEqual(['admin', 'admin__sales'])
  })

  test('a set that was tampered with is put right; one more role of the app is still refused', async () => {
    const { prefix } = db().names
    await db().migrator.query(`revoke "${prefix}_not_admin" from "${set('sales')}"`)
    await db().migrator.query(`grant "${prefix}_not_admin" to "${set('admin')}"`)
    await expect(db().ensureRoleSets([['sales']])).rejects.toMatchObject({ code: 'ROLE_UNSAFE' })
    await expect(db().ensureRoleSets([['admin']])).rejects.toMatchObject({ code: 'ROLE_UNSAFE' })
    await ensure([notAdmin, notBoth])
    expect(await markersOf(set('sales'))).toEqual(['admin'])
    expect(await markersOf(set('admin'))).toEqual([])
  })

  test('a marker of rules that are gone stays, and hinders nothing', async () => {
    await ensure([])
    await db().ensureRoleSets([['sales'], ['lead', 'sales', 'admin']])
    expect(await markersOf(set('sales'))).toEqual(['admin'])
  })

  test('without its comment nobody knows for whom it holds: refused until it is written again', async () => {
    await db().migrator.query(`comment on role "${db().names.prefix}_not_admin" is 'Mine.'`)
    await expect(db().ensureRoleSets([['sales']])).rejects.toMatchObject({ code: 'ROLE_UNSAFE' })
    await ensure([notAdmin, notBoth])
    await db().ensureRoleSets([['sales']])
  })

  test('the provisioner makes sets that are in them', async () => {
    const login = `${db().names.prefix}_maker`
    await db().migrator.query(`create role "${login}" login createrole password 'maker'`)
    try {
      await ensure([notAdmin, notBoth], ['sales'], login)
      const url = new URL(db().migratorUrl)
      url.username = login
      url.password = 'maker'
      const opening = openProvisioner({ url: url.href, names: db().names, roles: ['admin', 'sales', 'lead'] })
      // Before 16 who may make roles could make itself a superuser, so that no provisioner is opened.
      if (db().major < 16) return await expect(opening).rejects.toMatchObject({ code: 'PROVISIONER_REFUSED' })
      const provisioner = await opening
      expect(await markersOf(await provisioner.ensure(['lead', 'sales']))).toEqual(['admin'])
    } finally {
      await db()
        .migrator.query(`drop owned by "${login}" cascade`)
        .catch(() => undefined)
    }
  })

  test('the SQL for administrators says the same', () => {
    const model = m.makeModel({
      entities: { Note: {} },
      roles: { admin: [], sales: [], lead: ['admin'] },
      policies: { Note: [m.deny('d', 'not admin', 'anything')] },
    })
    const made = (...names: string[]) => roleSetSql(db().names, names, model).join('\n')
    expect(made('sales')).toContain('_not_admin"')
    for (const names of [['admin'], ['lead'], ['sales', 'lead']]) expect(made(...names)).not.toContain('_not_')
  })
})
