import { describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { type MarkerRole, markerRoles, mostBothRoles } from '#policies'
import { catalogRoles } from '../../../migrations/catalog/roles.ts'
import { readRoleExtras } from '../../../migrations/read/extras/role-extras.ts'
import { readRoles } from '../../../migrations/read/read-roles.ts'
import { roleWords } from '../../../migrations/read/role-words.ts'
import { ensureRoles } from '../../../migrations/roles/ensure-roles.ts'
import { openProvisioner } from '../../../migrations/roles/provisioner.ts'
import { roleSetName } from '../../../migrations/roles/role-set-name.ts'
import { roleSetSql } from '../../../migrations/roles/role-sql.ts'
import { useDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'

const long = 'guardianOfTheVeryLongNameOfTheSecondRoleThere'
const db = useDatabase({ roles: ['agent', 'viewer', 'boss', long], migrator: 'plain' })

const markers: readonly MarkerRole[] = [
  { name: ':BOTH_AGENT__VIEWER', all: ['agent', 'viewer'], except: [] },
  { name: ':BOTH_AGENT__BOSS__VIEWER', all: ['agent', 'boss', 'viewer'], except: [] },
  { name: ':BOTH_VIEWER__NOT_AGENT', all: ['viewer'], except: ['agent'] },
  { name: ':BOTH_MEMBER__NOT_BOSS', all: ['member'], except: ['boss'] },
]
const longest: MarkerRole = {
  name: ':BOTH_GUARDIAN_OF_THE_VERY_LONG_NAME_OF_THE_SECOND_ROLE_THERE__VIEWER',
  all: [long, 'viewer'],
  except: [],
}

const roles = (includes: readonly string[]) => [
  ...['agent', 'viewer', long].map((name) => ({ name, note: null, includes: [] })),
  { name: 'boss', note: null, includes },
]
const catalog = (given: readonly MarkerRole[], includes: readonly string[] = []) => ({
  roles: catalogRoles(roles(includes), given),
})

async function ensure(
  given: readonly MarkerRole[],
  includes: readonly string[] = [],
  provisioner: string | null = null,
): Promise<void> {
  await ensureRoles(db().migrator, { names: db().names, ...catalog(given, includes), password: null, provisioner })
}

async function markersOf(role: string): Promise<readonly string[]> {
  const { rows } = await db().migrator.query(
    `select replace(rolname, $2 || '_both_', '') as name from pg_roles
     where starts_with(rolname, $2 || '_both_') and pg_has_role($1, oid, 'usage') order by 1`,
    [role, db().names.prefix],
  )
  return rows.map(({ name }) => name)
}

const set = (...names: string[]) => roleSetName(db().names.prefix, names)
const query = (text: string) => db().migrator.query(text)

describe('roles of who has several roles at once', () => {
  test('sets with one of the roles alone are not in it, those with all are; visitors never', async () => {
    await db().ensureRoleSets([[], ['agent'], ['viewer'], ['boss'], ['agent', 'viewer']])
    await ensure(markers)
    await db().ensureRoleSets([
      ['agent', 'boss', 'viewer'],
      ['agent', 'boss'],
    ])
    expect(await markersOf(set())).toEqual(['member__not_boss'])
    expect(await markersOf(set('agent'))).toEqual(['member__not_boss'])
    expect(await markersOf(set('viewer'))).toEqual(['member__not_boss', 'viewer__not_agent'])
    expect(await markersOf(set('boss'))).toEqual([])
    expect(await markersOf(set('agent', 'boss'))).toEqual([])
    expect(await markersOf(set('agent', 'viewer'))).toEqual(['agent__viewer', 'member__not_boss'])
    expect(await markersOf(set('agent', 'boss', 'viewer'))).toEqual(['agent__boss__viewer', 'agent__viewer'])
    for (const role of [db().names.anonymous, db().names.member, `${db().names.prefix}_agent`])
      expect(await markersOf(role)).toEqual([])
  })

  test('a role that comes to include another counts as both, and no longer when it does not', async () => {
    await db().ensureRoleSets([['boss', 'viewer']])
    await ensure(markers, ['agent'])
    expect(await markersOf(set('boss', 'viewer'))).toEqual(['agent__boss__viewer', 'agent__viewer'])
    await ensure(markers)
    expect(await markersOf(set('boss', 'viewer'))).toEqual(['viewer__not_agent'])
  })

  test('a set that was put into one, or taken out, is refused until it is put right', async () => {
    const { prefix } = db().names
    await query(`grant "${prefix}_both_agent__viewer" to "${set('viewer')}"`)
    await query(`revoke "${prefix}_both_agent__viewer" from "${set('agent', 'viewer')}"`)
    for (const one of [['viewer'], ['agent', 'viewer']])
      await expect(db().ensureRoleSets([one])).rejects.toMatchObject({ code: 'ROLE_UNSAFE' })
    await ensure(markers)
    await db().ensureRoleSets([['viewer'], ['agent', 'viewer']])
    expect(await markersOf(set('viewer'))).toEqual(['member__not_boss', 'viewer__not_agent'])
    expect(await markersOf(set('agent', 'viewer'))).toEqual(['agent__viewer', 'member__not_boss'])
  })

  test('a role of the app and visitors that were put into one are told, and taken out', async () => {
    const { prefix, anonymous } = db().names
    const words = roleWords(db().names, catalog(markers))
    const differing = async () => {
      const found = await readRoles(db().migrator, words)
      const wanted = new Map(catalog(markers).roles.map((role) => [role.name, role.memberOf.join()]))
      return found.filter(({ name, memberOf }) => wanted.get(name) !== memberOf.join()).map(({ name }) => name)
    }
    expect(await differing()).toEqual([])
    await query(`grant "${prefix}_both_agent__viewer" to "${prefix}_viewer", "${anonymous}"`)
    expect(await differing()).toEqual([':ANONYMOUS', ':ROLE_VIEWER'])
    await ensure(markers)
    expect(await differing()).toEqual([])
    await query(`create role "${prefix}_stranger"; grant "${prefix}_both_agent__viewer" to "${prefix}_stranger"`)
    const told = (await readRoleExtras(db().migrator, words)).map(({ object, what }) => `${object} ${what}`)
    expect(told).toContain(`"${prefix}_stranger" is a member of "${prefix}_both_agent__viewer"`)
    await query(`drop role "${prefix}_stranger"`)
  })

  test('a comment that says somebody else is not believed', async () => {
    const { prefix } = db().names
    const said = (text: string) => query(`comment on role "${prefix}_both_agent__viewer" is '${text}'`)
    for (const text of ['Mine.', 'Everyone with viewer.', 'Everyone, visitors too, but agent.']) {
      await said(text)
      await expect(db().ensureRoleSets([['viewer']])).rejects.toMatchObject({ code: 'ROLE_UNSAFE' })
    }
    await ensure(markers)
    await db().ensureRoleSets([['viewer']])
  })

  test('names beyond 63 bytes end in a hash, and are found again', async () => {
    await db().ensureRoleSets([[long, 'viewer'], [long]])
    await ensure([longest])
    await ensure([longest])
    const [name] = (await markersOf(set(long, 'viewer'))).filter((one) => one.startsWith('guardian'))
    expect(name).toMatch(/_[0-9a-f]{8}$/)
    expect(await markersOf(set(long))).toEqual(['member__not_boss'])
  })

  test('one of rules that are gone stays, and sets that are made later join it', async () => {
    await ensure([])
    await db().ensureRoleSets([['agent', 'viewer', long]])
    expect(await markersOf(set('agent', 'viewer', long))).toContain('agent__viewer')
  })

  test('a provisioner that came after rules were gone makes sets that are in them', async () => {
    const login = `${db().names.prefix}_maker`
    await query(`create role "${login}" login createrole password 'maker'`)
    try {
      await ensure([], ['agent'], login)
      const url = new URL(db().migratorUrl)
      url.username = login
      url.password = 'maker'
      const opening = openProvisioner({ url: url.href, names: db().names, roles: ['agent', 'viewer', 'boss', long] })
      if (db().major < 16) return await expect(opening).rejects.toMatchObject({ code: 'PROVISIONER_REFUSED' })
      const made = await (await opening).ensure(['boss', 'viewer', long])
      expect(await markersOf(made)).toEqual(expect.arrayContaining(['agent__boss__viewer', 'agent__viewer']))
    } finally {
      await query(`drop owned by "${login}" cascade`).catch(() => undefined)
    }
  })
})

describe('what the model says', () => {
  const named = (kind: string, count: number) => Array.from({ length: count }, (_, at) => `${kind}${at}`)
  /** Some roles see orders, others the lines of orders that they see. */
  const meeting = (lines: number, orders: number) =>
    m.makeModel({
      entities: {
        Order: { fields: { number: m.text() } },
        Line: { fields: { text: m.text() }, relations: { order: m.one('Order') } },
      },
      roles: Object.fromEntries([...named('line', lines), ...named('order', orders)].map((name) => [name, []])),
      policies: {
        Order: named('order', orders).map((name) =>
          m.allow(`orders of ${name}`, name, ['read'], { where: m.compare('number', 'is', name) }),
        ),
        Line: [
          m.allow('as its order', named('line', lines).join(), ['read'], { where: m.path('order', m.may('read')) }),
        ],
      },
    })

  test('the SQL for administrators makes the same sets', () => {
    const made = (...given: string[]) => roleSetSql(db().names, given, meeting(1, 2)).join('\n')
    for (const one of ['line0', 'order0']) expect(made(one)).not.toContain('_both_')
    expect(made('line0', 'order1')).toContain('_both_line0__order1"')
    expect(made('line0', 'order1')).not.toContain('order0')
  })

  test('there are no more than so many; the other policies ask for the second role', async () => {
    const model = meeting(9, 8)
    const all = markerRoles(model)
    expect(all).toHaveLength(mostBothRoles)
    const { tables, roles: made } = buildCatalog(model)
    const policies = tables.find(({ name }) => name === 'line')!.policies.filter(({ name }) => /^r_/.test(name))
    const asking = policies.filter(({ using }) => using?.includes('pg_has_role'))
    expect(asking.flatMap((policy) => policy.roles)).toHaveLength(9 * 8 - mostBothRoles)
    for (const { roles: to } of asking) expect(to.every((role) => role.startsWith(':ROLE_LINE'))).toBe(true)
    expect(made.map(({ name }) => name)).toEqual(expect.arrayContaining(all.map(({ name }) => name)))
    const spoken = new Set(policies.flatMap((policy) => policy.roles))
    for (const { name } of all) expect(spoken).toContain(name)
  })
})
