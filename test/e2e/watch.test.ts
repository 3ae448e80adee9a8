import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { copyApp } from './support/app-copy.ts'
import { holdTable } from './support/database.ts'
import { dataFolder, graphql, type RunningServer, startServer } from './support/start-server.ts'

vi.setConfig({ testTimeout: 180_000 })
const app = await copyApp()
const data = dataFolder()
let server: RunningServer

beforeAll(async () => {
  server = await startServer({ args: ['dev', app.folder], env: { ROWHOUSE_DATA: data.path } })
})

afterAll(async () => {
  await server?.stop()
  data.remove()
  app.remove()
})

/** Does something and waits until the terminal says what is expected behind it; gives back what was said since. */
async function said(pattern: RegExp, act: () => unknown): Promise<string> {
  const before = server.output().length
  await act()
  await expect.poll(() => server.output().slice(before), { timeout: 90_000, interval: 20 }).toMatch(pattern)
  return server.output().slice(before)
}

const ask = (who: string | null, query: string) =>
  graphql(server.url, who === null ? null : server.ready.tokens[who]!, query)
const path = (file: string) => join(app.folder, file)
const read = (file: string) => readFileSync(path(file), 'utf8')

const salesRule = "to: 'read', where: { customer: ours } }"

describe('an edit is live', () => {
  test('of a policy: the same query gives other rows, for policies and API change together', async () => {
    const query = '{ orders { totalCount } }'
    const all = (await ask('sam', query)).data.orders.totalCount
    const output = await said(/live after/, () =>
      app.edit('policies/order.policy.ts', salesRule, "to: 'read', where: { customer: ours, status: 'draft' } }"),
    )
    expect(output).toMatch(/^Order changed: 1 rule, live after \d+ ms\n$/)
    const drafts = (await ask('sam', query)).data.orders.totalCount
    expect(drafts).toBeGreaterThan(0)
    expect(drafts).toBeLessThan(all)
    await said(/live after/, () =>
      app.edit(
        'policies/order.policy.ts',
        "where: { customer: ours, status: 'draft' } }",
        'where: { customer: ours } }',
      ),
    )
    expect((await ask('sam', query)).data.orders.totalCount).toBe(all)
  })

  test('of an entity: a field and its note, the names for the compiler included', async () => {
    await said(/Customer changed: 1 field, live after/, () =>
      app.edit(
        'schema/customer.entity.ts',
        'website: url({ optional: true }),',
        "website: url({ optional: true }),\n    motto: string({ optional: true, max: 80, note: 'Of the house.' }),",
      ),
    )
    expect(await ask('ada', '{ customers(first: 1) { nodes { motto } } }')).toEqual({
      data: { customers: { nodes: [{ motto: null }] } },
    })
    await said(/live after/, () => app.edit('schema/customer.entity.ts', 'Of the house.', 'Of the family.'))
    const described = await ask('ada', '{ __type(name: "Customer") { fields { name description } } }')
    expect(described.data.__type.fields).toContainEqual({ name: 'motto', description: 'Of the family.' })
  })

  test('of a new file with an entity, and of another with its policy', async () => {
    const output = await said(/Depot added.*live after/, () => {
      writeFileSync(
        path('schema/depot.entity.ts'),
        "import { entity, string } from 'rowhouse/schema'\nexport const Depot = entity('Depot', { note: 'Where goods lie.', display: 'name', fields: { name: string({ max: 80 }) } })\n",
      )
      writeFileSync(
        path('policies/depot.policy.ts'),
        "import { anything, policy } from 'rowhouse/policies'\nimport { Depot } from '../schema/depot.entity.ts'\nexport const DepotPolicy = policy(Depot, { 'admins do anything': { allow: 'admin', to: anything } })\n",
      )
    })
    expect(output).toContain('Wrote .rowhouse/types.d.ts.')
    expect(read('.rowhouse/types.d.ts')).toContain("Depot: typeof import('../schema/depot.entity.ts').Depot")
    expect(await ask('ada', '{ depots { totalCount } }')).toEqual({ data: { depots: { totalCount: 0 } } })
  })

  test('of people: the token of a new one is printed and believed', async () => {
    const output = await said(/People changed, live after/, () =>
      app.edit(
        'rowhouse.config.ts',
        '    gil:',
        "    eva: { id: userId('eve'), tenant: globex, roles: ['admin'] },\n    gil:",
      ),
    )
    const token = /^ {2}eva {2}(\S+)$/m.exec(output)![1]!
    expect((await graphql(server.url, token, '{ orders { totalCount } }')).errors).toBeUndefined()
  })

  test('of the seed: rows that it changed are written, rows that somebody changed meanwhile are not', async () => {
    const query = '{ products(orderBy: [SKU_ASC], first: 2) { nodes { id name } } }'
    const [one, two] = (await ask('ada', query)).data.products.nodes
    await ask(
      'ada',
      `mutation { updateProduct(input: { id: "${two.id}", patch: { name: "Mine" } }) { product { name } } }`,
    )
    const seed = read('seed.ts')
    // A change of one row of what the seed makes.
    await said(/Seed changed: 1 row written, live after/, () =>
      writeFileSync(
        path('seed.ts'),
        `${seed.replace('export const seed =', 'const original =')}
export const seed = {
  make: (size) => {
    const made = original.make(size)
    const tenants = [...made.tenants].map((tenant) => ({
      ...tenant,
      rows: { ...tenant.rows, Product: [...tenant.rows.Product].map((row) => (row.id === '${one.id}' ? { ...row, name: 'Theirs' } : row)) },
    }))
    return { ...made, tenants }
  },
}
`,
      ),
    )
    const names = (await ask('ada', query)).data.products.nodes.map(({ name }: { name: string }) => name)
    expect(names).toEqual(['Theirs', 'Mine'])
  })
})

describe('an edit costs', () => {
  test('each thread no more than one import of what it runs, of code that was compiled before', async () => {
    const log = join(app.folder, '..', 'imports')
    const [entity, action, worker] = ['schema/product.entity.ts', 'actions/bill-order.ts', 'workers/dun-overdue.ts']
    const imports = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').sort() : [])
    // One looks at the files, one answers requests, one runs jobs, which may act.
    const each = [action, action, action, entity, worker].map((file) => `${file} compiled`)
    const note = (text: string) => writeFileSync(path(entity), read(entity).replace(/note: '[^']*'/, `note: '${text}'`))
    await said(/code changed, live after/, () => {
      for (const file of [entity, action, worker]) writeFileSync(path(file), `${read(file)}\n${telling(file, log)}\n`)
      note('Told.')
    })
    rmSync(log)
    // What runs jobs begins last.
    await expect.poll(imports).toEqual([`${action} compiled`, `${worker} compiled`])
    rmSync(log)
    // What one edit imports too often is there when the next one is looked at.
    for (const round of [1, 2]) {
      await said(/live after/, () => note(`Round ${round}.`))
      await expect.poll(imports).toEqual([...each, ...(round === 2 ? each : [])].sort())
    }
  })
})

/** Code that writes a line whenever a thread imports it: whether what that thread imports is taken from what was compiled before. */
function telling(file: string, log: string): string {
  const builtin = (name: string) => `process.getBuiltinModule('node:${name}')`
  const kept = `${builtin('module')}.getCompileCacheDir() === undefined ? ' anew' : ' compiled'`
  return `${builtin('fs')}.appendFileSync(${JSON.stringify(log)}, ${JSON.stringify(file)} + (${kept}) + '\\n')`
}

describe('a mistake', () => {
  test('is told with its frame, all of them at once, while the old version answers; then it is mended', async () => {
    const original = read('policies/order.policy.ts')
    const query = '{ orders { totalCount } }'
    const before = await ask('sam', query)
    const output = await said(/keeps answering/, () =>
      writeFileSync(
        path('policies/order.policy.ts'),
        original.replaceAll('placedBy: actor.id', 'placedBye: actor.id').replace("to: 'approve'", "to: 'aprove'"),
      ),
    )
    expect(output).toContain('POLICY_PATH_UNKNOWN  policies/order.policy.ts:')
    expect(output).toContain('Did you mean "placedBy"?')
    expect(output).toContain('Did you mean "approve"?')
    expect(output).toMatch(/\d problems\. The last version without any keeps answering\./)
    expect(await ask('sam', query)).toEqual(before)
    const mended = await said(/Mended/, () => writeFileSync(path('policies/order.policy.ts'), original))
    expect(mended).toBe('Mended.\n')
  })

  test('of syntax, as while somebody types, does not empty the names for the compiler', async () => {
    const original = read('schema/product.entity.ts')
    const names = read('.rowhouse/types.d.ts')
    const output = await said(/keeps answering/, () =>
      writeFileSync(path('schema/product.entity.ts'), `${original}\nexport const Half = entity('Ha`),
    )
    expect(output).toContain('FILE_SYNTAX_INVALID  schema/product.entity.ts:')
    expect(read('.rowhouse/types.d.ts')).toBe(names)
    const mended = await said(/Wrote|Mended/, () => writeFileSync(path('schema/product.entity.ts'), original))
    expect(mended).toBe('Mended.\n')
  })

  test('of the model still gives its new names to the compiler, and writes them once', async () => {
    const file = path('schema/shelf.entity.ts')
    const output = await said(/keeps answering/, () =>
      writeFileSync(
        file,
        "import { entity, one, string } from 'rowhouse/schema'\nexport const Shelf = entity('Shelf', { note: 'A shelf.', fields: { name: string({ max: 8 }) }, relations: { depot: one('Depoo' as never) } })\n",
      ),
    )
    expect(output.match(/Wrote/g)).toHaveLength(1)
    expect(output).toContain('RELATION_TARGET_UNKNOWN')
    expect(read('.rowhouse/types.d.ts')).toContain('Shelf:')
    const mended = await said(/Mended/, () => rmSync(file))
    expect(mended).toBe('Wrote .rowhouse/types.d.ts.\nMended.\n')
  })

  test('in people is told, and the old tokens are believed', async () => {
    await said(/CONFIG_INVALID[\s\S]*Did you mean "admin"[\s\S]*keeps answering/, () =>
      app.edit('rowhouse.config.ts', "roles: ['admin'], note", "roles: ['admim'], note"),
    )
    expect((await ask('ada', '{ orders { totalCount } }')).errors).toBeUndefined()
    await said(/Mended/, () => app.edit('rowhouse.config.ts', 'admim', 'admin'))
  })

  test('that would lose rows is refused with what to do; nothing is dropped', async () => {
    const output = await said(/keeps answering/, () =>
      app.edit('schema/customer.entity.ts', 'motto: string', 'slogan: string'),
    )
    expect(output).toContain('RECREATE_NEEDED')
    expect(output).toContain('column app.customer motto: removed with its values')
    expect(output).toContain('--recreate')
    expect((await ask('ada', '{ customers(first: 1) { nodes { motto } } }')).errors).toBeUndefined()
    await said(/Mended/, () => app.edit('schema/customer.entity.ts', 'slogan: string', 'motto: string'))
  })

  test('that never ends is stopped, and harms neither the server nor what comes after', async () => {
    const original = read('schema/choices.ts')
    let answered = 0
    const before = server.output().length
    const output = await said(/keeps answering/, async () => {
      writeFileSync(path('schema/choices.ts'), `${original}\nwhile (true) {}\n`)
      for (; !server.output().slice(before).includes('keeps answering'); answered++) {
        expect((await ask('sam', '{ __typename }')).data).toEqual({ __typename: 'Query' })
        await sleep(50)
      }
    })
    expect(answered).toBeGreaterThan(0)
    expect(output).toContain('was stopped after 10 seconds')
    await said(/keeps answering/, () => writeFileSync(path('schema/choices.ts'), `${original}\nprocess.exit(0)\n`))
    await said(/keeps answering/, () =>
      writeFileSync(path('schema/choices.ts'), `${original}\nthrow new Error('no')\n`),
    )
    await said(/Mended/, () => writeFileSync(path('schema/choices.ts'), original))
  })
})

describe('however it is written', () => {
  test('by an editor that writes beside and renames', async () => {
    const file = path('schema/order.entity.ts')
    await said(/Order changed: note, live after/, () => {
      writeFileSync(`${file}~`, read('schema/order.entity.ts').replace('What a customer asked for.', 'Renamed over.'))
      renameSync(`${file}~`, file)
    })
  })

  test('by many files at once, such as a checkout, as one change', async () => {
    const files = ['order', 'customer', 'product', 'invoice', 'payment'].map((name) => `schema/${name}.entity.ts`)
    const output = await said(/live after/, () => {
      for (const file of files) writeFileSync(path(file), read(file).replace(/note: '[^']*'/, "note: 'Checked out.'"))
    })
    expect(output).toMatch(/^Customer changed: note; .*; 1 more changed, live after \d+ ms\n$/)
  })

  test('into another folder, which an entity imports, through a symbolic link', async () => {
    const outside = join(app.folder, '..', 'shared')
    mkdirSync(outside)
    writeFileSync(join(outside, 'words.ts'), "export const wording = 'Before.'\n")
    symlinkSync(outside, path('shared'))
    await said(/Product changed: note, live after/, () =>
      writeFileSync(
        path('schema/product.entity.ts'),
        `import { wording } from '../shared/words.ts'\n${read('schema/product.entity.ts').replace(/note: '[^']*'/, 'note: wording')}`,
      ),
    )
    await said(/Product changed: note, live after/, () =>
      writeFileSync(join(outside, 'words.ts'), "export const wording = 'Behind a link.'\n"),
    )
    const described = await ask('ada', '{ __type(name: "Product") { description } }')
    expect(described.data.__type.description).toContain('Behind a link.')
  })

  test('a file is renamed', async () => {
    const before = read('.rowhouse/types.d.ts')
    await said(/Wrote/, () => {
      renameSync(path('schema/depot.entity.ts'), path('schema/warehouse.entity.ts'))
      app.edit('policies/depot.policy.ts', 'depot.entity.ts', 'warehouse.entity.ts')
    })
    expect(read('.rowhouse/types.d.ts')).toBe(before.replace('schema/depot.entity.ts', 'schema/warehouse.entity.ts'))
    expect((await ask('ada', '{ depots { totalCount } }')).errors).toBeUndefined()
  })
})

describe('a change waits for those who use a table', () => {
  test('instead of making requests wait for it, or one of them fail', async () => {
    const held = await holdTable(server.ready.databaseUrl, 'app.payment')
    const output = await said(/live after/, async () => {
      app.edit('schema/payment.entity.ts', 'fields: {', 'fields: {\n    memo: string({ optional: true, max: 9 }),')
      // It gave way and came again.
      await held.tried(3)
      expect((await ask('sam', '{ orders(first: 1) { totalCount } }')).errors).toBeUndefined()
      await held.release()
    })
    expect(output).toMatch(/Payment changed: 1 field/)
  })
})
