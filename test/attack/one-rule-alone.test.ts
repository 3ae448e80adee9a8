import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { loadModel } from '#policies'
import { useDatabase } from '../support/database.ts'

const { model } = await loadModel(join(import.meta.dirname, '../fixtures/apps/wholesale'))
const catalog = buildCatalog(model)
const guard = catalog.functions.find(({ name }) => name === 'guard_order')!.body

const db = useDatabase({ roles: Object.keys(model.roles) })
const [acme, me, mine, theirs, customer, ours, foreign] = Array.from({ length: 7 }, (_, at) => id(at + 1))

function id(at: number): string {
  return `00000000-0000-7000-8000-00000000000${at}`
}

beforeAll(async () => {
  await db().applyCatalog(catalog)
  await db().ensureRoleSets([['agent'], ['agent', 'auditor'], ['agent', 'clerk']])
  const { rows } = await db().asOwner((client) =>
    client.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class where relnamespace = 'app'::regnamespace and relforcerowsecurity`,
    ),
  )
  const force = (word: string) => rows.map(({ name }) => `alter table ${name} ${word} row level security`).join(';')
  await db().asOwner((client) =>
    client.query(`insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'); ${force('no force')};
      insert into app."user" (id, name) values ('${me}', 'Me'), ('${theirs}', 'Somebody');
      insert into app.team (tenant_id, id, name) values ('${acme}', '${mine}', 'Mine'), ('${acme}', '${theirs}', 'Theirs');
      insert into app.membership (tenant_id, user_id, team_id) values ('${acme}', '${me}', '${mine}');
      insert into app.customer (tenant_id, id, name, team_id) values ('${acme}', '${customer}', 'C', '${theirs}');
      insert into app."order" (tenant_id, id, number, status, total, customer_id, placed_by_id, team_id) values
        ('${acme}', '${ours}', 1, 'open', 5, '${customer}', '${theirs}', '${mine}'),
        ('${acme}', '${foreign}', 2, 'open', 5, '${customer}', '${me}', '${theirs}'); ${force('force')}`),
  )
})

/** How many rows an update by SQL writes, or how it is refused; undone at once. */
async function update(roles: readonly string[], set: string, order: string | undefined): Promise<number | string> {
  return await db().asActor({ roles, tenant: acme!, actor: me! }, async (client) => {
    await client.query('savepoint s')
    const answer = await client.query(`update app."order" set ${set} where id = '${order}'`).then(
      ({ rowCount }) => rowCount ?? 0,
      ({ code }) => String(code),
    )
    await client.query('rollback to savepoint s')
    return answer
  })
}

test('the guard asks who else the caller is only where a rule is looked up', () => {
  expect(guard).toContain(`if not (pg_has_role(caller, ':ROLE_AUDITOR', 'usage') or pg_has_role(caller, ':ROLE_CLERK'`)
  expect(guard.match(/if not \(/g)).toHaveLength(1)
})

describe('whom one rule speaks of, row policies hold to it', () => {
  test.each([
    ['writes what the rule allows', "status = 'done'", ours, 1],
    ['writes no row of others', "status = 'done'", foreign, 0],
    ['gives no row away', `team_id = '${theirs}'`, ours, '42501'],
  ])('%s', async (_, set, order, answer) => {
    expect(await update(['agent'], set, order)).toBe(answer)
  })
})

describe('whom two rules speak of, one of them must allow the change whole', () => {
  test.each([
    [['agent', 'auditor'], 'each writes its own', "note = 'n'", foreign, 1],
    [['agent', 'auditor'], 'a field of one on a row of the other', "status = 'done'", foreign, '42501'],
    [['agent', 'auditor'], 'from a row of one to a row of the other', `team_id = '${theirs}'`, ours, '42501'],
    [['agent', 'clerk'], 'the old row of one', "status = 'done'", foreign, 1],
    [['agent', 'clerk'], 'from one to the other', `team_id = '${theirs}', placed_by_id = '${me}'`, ours, '42501'],
  ])('%j: %s', async (roles, _, set, order, answer) => {
    expect(await update(roles, set, order)).toBe(answer)
  })
})
