import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ModelError } from '#base'
import { loadModel, modelJson } from '#policies'
import { loadApp } from '#schema'
import { entitiesOnly, problemsOf, reportOf, withApp } from './written-app.ts'

const sound = entitiesOnly(`export const Order = entity('Order', { fields: { number: string() } })`)

describe('files', () => {
  test('that are no TypeScript are told with their place, all of them', async () => {
    const problems = await reportOf({
      ...sound,
      'schema/a.entity.ts': 'export const A = {',
      'policies/b.ts': 'const = 1',
    })
    expect(problems.map(({ code, at }) => [code, at?.file, at?.line])).toEqual([
      ['FILE_SYNTAX_INVALID', 'policies/b.ts', 2],
      ['FILE_SYNTAX_INVALID', 'schema/a.entity.ts', 2],
    ])
  })

  test('that throw are told with their place', async () => {
    const source = "// rowhouse/schema\n\nthrow new Error('no such luck')\n"
    const [problem] = await reportOf({ ...sound, 'schema/a.entity.ts': `import 'rowhouse/schema'\n${source}` })
    expect(problem).toMatchObject({
      code: 'FILE_IMPORT_FAILED',
      message: 'This file cannot be imported: no such luck',
      at: { file: 'schema/a.entity.ts' },
    })
  })

  test('that import a package that is not installed are told to install it', async () => {
    const [problem] = await reportOf({ ...sound, 'schema/a.entity.ts': "import 'left-pad'\nimport 'rowhouse/schema'" })
    expect(problem).toMatchObject({ code: 'FILE_IMPORT_FAILED', hint: expect.stringContaining('npm install left-pad') })
  })

  test('that import what is not there are told by their import', async () => {
    expect(await problemsOf({ ...sound, 'schema/a.entity.ts': `import { x } from './missing.ts'\nvoid x` })).toEqual([
      ['FILE_IMPORT_FAILED', "'./missing.ts'"],
    ])
    expect(
      await problemsOf({ ...sound, 'schema/a.entity.ts': `import { Oder } from './all.entity.ts'\nvoid Oder` }),
    ).toEqual([['FILE_IMPORT_FAILED', "'./all.entity.ts'"]])
  })

  test('messages hold no path of the machine', async () => {
    const problems = await reportOf({ ...sound, 'schema/a.entity.ts': `import { x } from './missing.ts'\nvoid x` })
    expect(problems[0]!.message).not.toMatch(/tmp|file:/)
  })

  test('tests, declarations, hidden files and other files are not loaded', async () => {
    const broken = `import 'rowhouse/schema'\nthrow new Error('loaded')`
    const app = {
      ...sound,
      'policies/order.policy.test.ts': broken,
      'policies/types.d.ts': broken,
      'policies/.hidden/a.ts': broken,
      'schema/choices.ts': broken,
      'scripts/duplicate.ts': broken,
    }
    expect(await problemsOf(app)).toEqual([])
  })

  test('a folder without entities', async () => {
    expect(await problemsOf({ 'schema/readme.md': 'rowhouse/' })).toEqual([['APP_EMPTY', null]])
  })
})

describe('declarations', () => {
  test('of one name', async () => {
    expect(
      await problemsOf({ ...sound, 'schema/b.entity.ts': `export const Order = entity('Order', { fields: {} })` }),
    ).toEqual([['DECLARATION_DUPLICATE', "'Order'"]])
  })

  test('of roles', async () => {
    expect(await problemsOf({ ...sound, 'policies/b.ts': `export const more = defineRoles({ b: 'x' })` })).toEqual([
      ['DECLARATION_DUPLICATE', 'defineRoles'],
    ])
  })

  test('that are exported again count once, from where they are made', async () => {
    const app = { ...sound, 'schema/a.entity.ts': `export { Order as Again } from './all.entity.ts'\n// 'rowhouse/'` }
    expect(await problemsOf(app)).toEqual([])
    const exports = await withApp(app, async (folder) => (await loadModel(folder)).exports)
    expect(exports).toEqual({
      entities: [{ entity: 'Order', file: 'schema/all.entity.ts', name: 'Order' }],
      roles: { file: 'policies/all.ts', name: 'roles' },
      actor: null,
    })
  })

  test('that are not exported', async () => {
    expect(
      await problemsOf({ ...sound, 'schema/b.entity.ts': `const B = entity('B', { fields: {} })\nvoid B` }),
    ).toEqual([['DECLARATION_HIDDEN', 'entity']])
  })
})

test('a fresh load sees what changed, also in imported files; a plain one does not', async () => {
  const app = {
    ...sound,
    'schema/choices.ts': `export const max = 20`,
    'schema/all.entity.ts': `import { entity, string } from 'rowhouse/schema'
import { max } from './choices.ts'
export const Order = entity('Order', { fields: { number: string({ max }) } })`,
  }
  await withApp(
    { ...app, 'schema/choices.ts': `// 'rowhouse/'\nexport const max = 20 // from 'rowhouse/'` },
    async (folder) => {
      const first = await loadModel(folder)
      writeFileSync(join(folder, 'schema/choices.ts'), 'export const max = 30')
      expect((await loadModel(folder)).hash).toBe(first.hash)
      const fresh = await loadModel(folder, { fresh: true })
      expect(fresh.model.entities[0]!.fields[0]!.type).toMatchObject({ max: 30 })
      expect(fresh.hash).not.toBe(first.hash)
    },
  )
})

test('a model is frozen, and two loads give the same bytes', async () => {
  await withApp(sound, async (folder) => {
    const first = await loadModel(folder)
    const second = await loadModel(folder, { fresh: true })
    expect(modelJson(second.model)).toBe(modelJson(first.model))
    expect(second.hash).toBe(first.hash)
    expect(() => Object.assign(first.model.entities[0]!.fields[0]!, { name: 'x' })).toThrow(TypeError)
    expect(first.model.app).toBe('shop')
  })
})

test('places of the model are found in the source', async () => {
  const app = entitiesOnly(`const limits = { max: 5 } as const
export const Order = entity('Order', {
  fields: { ...{ first: string() }, number: string(limits) },
})`)
  await withApp(app, async (folder) => {
    const { locate, sourceOf } = await loadModel(folder)
    const textAt = (...[path, part]: Parameters<typeof locate>) => {
      const at = locate(path, part)
      const line = at === null ? undefined : sourceOf(at.file)?.split('\n')[at.line - 1]
      return line?.slice(at!.column - 1, at!.endColumn - 1)
    }
    expect(textAt(['Order', 'fields', 'number', 'max'])).toBe('5')
    expect(textAt(['Order', 'fields', 'number'])).toBe('string(limits)')
    expect(textAt(['Order', 'fields', 'first'], 'key')).toBe('first')
    expect(textAt(['Order', 'fields', 'number', 'nowhere'])).toBe('number')
    expect(textAt(['Order', 'policy', 'all', 'to'])).toBe('anything')
    expect(textAt(['roles', 'admin'])).toBe("'Does everything.'")
    expect(locate(['Nothing'])).toBeNull()
    expect(sourceOf('../../../etc/passwd')).toBeNull()
  })
})

test('loading throws every problem, sorted by file and line', async () => {
  const app = entitiesOnly(`export const B = entity('B', { fields: { b: string({ max: 0 }) }, display: 'x' })
export const A = entity('A', { fields: { a: choice([]) } })`)
  await withApp(app, async (folder) => {
    const error: unknown = await loadModel(folder).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ModelError)
    const { problems } = error as ModelError
    expect(problems.map(({ at }) => [at?.line, at?.column])).toEqual(
      problems.map(({ at }) => [at?.line, at?.column] as const).toSorted((a, b) => a[0]! - b[0]! || a[1]! - b[1]!),
    )
    expect(problems).toHaveLength(3)
  })
})

test('an app folder may be a symbolic link, and may lie anywhere', async () => {
  await withApp(sound, async (folder) => {
    expect((await loadApp(folder)).declarations.map(({ kind }) => kind)).toEqual(['entity', 'policy', 'roles'])
  })
})
