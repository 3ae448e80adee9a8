import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { defaultLimits } from '#server'
import { useAppServer } from '../support/app-server.ts'

const [acme, globex] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b']
const [ann, dee] = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002']
const wage = '00000000-0000-7000-8000-0000000000c1'
const tenant = (id: string, slug: string) => ({
  ...{ id, slug, name: slug },
  rows: { Wage: [{ id: id === acme ? wage : randomUUID(), who: 'Bo', cents: 4711 }] },
})
const app = useAppServer(
  join(import.meta.dirname, '../fixtures/apps/bazaar'),
  {
    shared: { Person: [ann, dee].map((id) => ({ id, name: id })) },
    tenants: [tenant(acme, 'acme'), tenant(globex, 'globex')],
  },
  { limits: defaultLimits },
)

/** Dee, who decorates, publishes; all others are Ann. */
const ask = (roles: readonly string[], text: string, variables: object = {}, of = acme) =>
  app().ask({ sub: roles.includes('decorator') ? dee : ann, tenant: of, roles }, text, variables)
const publish = async (body: string, roles: readonly string[] = ['decorator']) => {
  const source = `import { script } from 'rowhouse/scripts'\nexport default script(${body})`
  const text =
    'mutation ($source: String!) { publishScript(input: { name: "scripts/greet", source: $source }) { tenantScript { version } } }'
  expect((await ask(roles, text, { source })).errors).toEqual([])
}
const making = `mutation ($pin: String) { createStall(input: { stall: { name: "new", pin: $pin } }) { stall { id name fee pinIsSet } } }`
const make = (roles: readonly string[], variables: object = {}, of = acme) => ask(roles, making, variables, of)
const board = async (): Promise<readonly string[]> =>
  (await ask(['decorator'], '{ boards { nodes { text } } }')).data.boards.nodes.map(
    (each: { text: string }) => each.text,
  )
const wages = async () => (await ask(['boss'], '{ wages { nodes { cents } } }')).data.wages.nodes
const record = (isRecorded: boolean) =>
  ask(
    ['decorator'],
    'mutation ($on: Boolean!) { recordScript(input: { name: "scripts/greet", isRecorded: $on }) { clientMutationId } }',
    { on: isRecorded },
  )
const runs = async () =>
  (await ask(['decorator'], '{ tenantScriptRuns { nodes { ranBy record } } }')).data.tenantScriptRuns.nodes

beforeEach(async () => {
  await app().database.asOwner((client) => client.query('delete from app.board; delete from app.stall'))
  await expect.poll(async () => (await make(['clerk'], {}, globex)).errors, { timeout: 120_000 }).toEqual([])
})

describe('secrets', () => {
  const all = 'async ({ input, row }) => ({ name: JSON.stringify({ input, row }).slice(0, 200) })'

  test('that are written reach no script, and no record of its run, not even as hashes', async () => {
    await publish(all)
    expect((await record(true)).errors).toEqual([])
    const { data, errors } = await make(['clerk'], { pin: 'hunter2-hunter2' })
    expect(errors).toEqual([])
    const { stall } = data.createStall
    expect(JSON.parse(stall.name)).toEqual({ input: { name: 'new', pinIsSet: true }, row: null })
    expect(stall.pinIsSet).toBe(true)
    const change = `mutation ($id: UUID!) { updateStall(input: { id: $id, patch: { pin: "hunter3-hunter3" } }) { stall { name } } }`
    const changed = await ask(['clerk'], change, { id: stall.id })
    expect(changed.data.updateStall.stall.name).toContain('{"input":{"pinIsSet":true}')
    await expect.poll(runs, { timeout: 60_000 }).toHaveLength(2)
    expect(JSON.stringify([stall, await runs()])).not.toMatch(/hunter|argon2/)
    await record(false)
  })
})

describe('who publishes gains nothing', () => {
  const steal = `async ({ db }) => {
  const [first] = await db.find('Wage')
  await db.create('Board', { text: 'earns ' + first.cents })
  return {}
}`
  const raise = `async ({ db }) => {
  await db.update('Wage', '${wage}', { cents: 9999 })
  return {}
}`

  test('by running the script: it may do what they may', async () => {
    for (const body of [steal, raise]) {
      await publish(body)
      expect((await make(['decorator'])).errors[0]?.extensions.code).toBe('FORBIDDEN')
    }
    expect([await board(), await wages()]).toEqual([[], [{ cents: 4711 }]])
  })

  test('by having somebody run it who may do more: it asks for nothing in their name', async () => {
    for (const body of [steal, raise]) {
      await publish(body)
      const { errors } = await make(['boss'])
      expect(errors[0]).toMatchObject({
        message: expect.stringContaining('who does not hold all of your roles'),
        extensions: { code: 'FORBIDDEN' },
      })
    }
    expect([await board(), await wages()]).toEqual([[], [{ cents: 4711 }]])
  })

  test('by catching what it is refused', async () => {
    await publish(`async ({ db }) => {
  const tried = []
  for (const ask of [() => db.find('Wage'), () => db.get('Wage', '${wage}'), () => db.create('Board', { text: 'x' }), () => db.act('Wage', 'remove', '${wage}')])
    tried.push(await ask().then(() => 'done', (error) => error.code))
  return { name: tried.join() }
}`)
    const { data } = await make(['boss'])
    expect(data.createStall.stall.name).toBe('FORBIDDEN,FORBIDDEN,FORBIDDEN,FORBIDDEN')
    expect(await board()).toEqual([])
  })

  test('by one that somebody with more rights chose: what counts is who wrote it', async () => {
    await publish(steal)
    const { errors } = await ask(
      ['boss'],
      'mutation { rollBackScript(input: { name: "scripts/greet", version: 1 }) { clientMutationId } }',
    )
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN')
    expect((await make(['boss', 'decorator'])).errors[0]?.extensions.code).toBe('FORBIDDEN')
  })

  test('by records of what others ran', async () => {
    await publish('async ({ input }) => ({ name: input.name })')
    expect((await record(true)).errors).toEqual([])
    const before = (await runs()).length
    expect((await make(['boss'])).errors).toEqual([])
    expect((await make(['clerk'])).errors).toEqual([])
    await expect.poll(async () => (await runs()).length, { timeout: 60_000 }).toBe(before + 1)
    // The boss's was kept first.
    const all = async (roles: readonly string[]) =>
      (await ask(roles, '{ tenantScriptRuns { nodes { record } } }')).data.tenantScriptRuns.nodes
    const rolesIn = (found: readonly { record: { actor: { roles: string[] } } }[]) =>
      found.map((each) => each.record.actor.roles.join())
    expect(rolesIn(await all(['decorator']))).not.toContain('boss')
    expect(rolesIn(await all(['boss', 'decorator']))).toContain('boss')
    await record(false)
  })

  test('by their own roles: what the boss publishes asks as everybody who holds less', async () => {
    await publish(`async ({ db }) => ({ name: String((await db.find('Board')).length) })`, ['boss', 'decorator'])
    for (const roles of [['clerk'], ['boss'], ['decorator'], ['boss', 'clerk'], []])
      expect((await make(roles)).data.createStall.stall.name).toBe('0')
    await publish(steal, ['boss', 'decorator'])
    expect((await make(['clerk'])).errors[0]?.extensions.code).toBe('FORBIDDEN')
    expect((await make(['boss'])).errors).toEqual([])
    expect(await board()).toEqual(['earns 4711'])
  })
})
