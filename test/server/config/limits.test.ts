import { expect, test } from 'vitest'
import { checkRoles } from '../../../cli/serve/check-roles.ts'
import { type AppConfig, defaultLimits, type SettingsSource, validSettings } from '../../../server/config.ts'
import { callerLimits } from '../../../server/http/limits/caller-limits.ts'

function settings(config: object, purpose: SettingsSource['purpose'] = 'dev') {
  return validSettings(config as AppConfig, { folder: '/app', purpose, environment: production })
}

const production = {
  DATABASE_URL: 'postgres://shop_login@db.example/shop',
  ROWHOUSE_MIGRATE_URL: 'postgres://migrator@db.example/shop',
  ROWHOUSE_JWKS_URL: 'https://id.example/jwks',
  ROWHOUSE_JWT_ISSUER: 'https://id.example',
  ROWHOUSE_JWT_AUDIENCE: 'shop',
}

test('what is left out has its default', () => {
  const read = settings({ limits: { maxDepth: 9, maxBatch: 4, roles: { analyst: { maxRows: 5 } } } }).limits
  expect(read).toEqual({
    ...defaultLimits,
    operation: { ...defaultLimits.operation, maxDepth: 9 },
    roles: { analyst: { maxRows: 5 } },
    maxBatch: 4,
  })
  expect(settings({}, 'start')).toMatchObject({ limits: defaultLimits, cors: null, introspection: false })
  expect(settings({ graphiql: true }, 'start').introspection).toBe(true)
  expect(settings({ introspection: false }).introspection).toBe(false)
})

test.each([
  [{ limits: { maxDepht: 3 } }, 'limits.maxDepht is no limit. Did you mean "maxDepth"?'],
  [{ limits: { maxDepth: 0 } }, 'limits.maxDepth is 0: say a whole number from 1 to 500.'],
  [{ limits: { idempotencyHours: 721 } }, 'limits.idempotencyHours is 721: say a whole number from 1 to 720.'],
  [{ limits: { maxRows: '100' } }, 'limits.maxRows is "100": say a whole number from 1'],
  [{ limits: { maxFields: Number.POSITIVE_INFINITY } }, 'limits.maxFields is null: say a whole number'],
  [{ limits: { roles: { analyst: { maxBodyBytes: 5000 } } } }, 'limits.roles.analyst.maxBodyBytes is no limit.'],
  [{ limits: { roles: ['analyst'] } }, 'limits.roles is no object'],
  [{ limits: { visitors: 3 } }, 'limits.visitors is no object.'],
  [{ limits: null }, 'limits is no object.'],
  [{ limits: { pageSize: 2000 } }, 'limits: pageSize is 2000, more than maxPageSize, 1000.'],
  [
    { limits: { roles: { guest: { maxPageSize: 10 } } } },
    'limits.roles.guest: pageSize is 100, more than maxPageSize, 10.',
  ],
  [{ cors: { origins: '*' } }, 'cors: say'],
  [
    { cors: { origins: ['https://app.example/'] } },
    'cors.origins has "https://app.example/", which is no origin: say such as "https://app.example".',
  ],
  [{ cors: { origins: ['app.example'] } }, 'which is no origin'],
  [{ cors: { origins: ['null'] } }, 'which is no origin'],
  [{ cors: { origins: ['https://*.example'] } }, 'which is no origin'],
  [{ cors: { origins: ['*'], credentials: true } }, '"*" with credentials'],
  [{ cors: { origins: ['*', 'https://app.example'] } }, 'say it alone'],
  [{ introspection: 'yes' }, 'introspection is "yes": say true or false.'],
])('%j is told: %s', (config, problem) => {
  expect(() => settings(config)).toThrow(problem)
})

test('of several roles the widest limit counts, each number by itself; included roles are held', () => {
  const model = { roles: [{ name: 'analyst' }, { name: 'clerk' }, { name: 'boss', includes: ['analyst'] }] }
  const limits = settings({
    limits: {
      maxDepth: 10,
      maxRows: 100,
      roles: { analyst: { maxRows: 900, maxDepth: 5 }, clerk: { maxRows: 50, maxDepth: 7 } },
      visitors: { maxRows: 1 },
    },
  }).limits
  const of = callerLimits(model as never, limits)
  const read = (roles: readonly string[] | null) => {
    const { maxDepth, maxRows } = of(roles)
    return { maxDepth, maxRows }
  }
  expect(read([])).toEqual({ maxDepth: 10, maxRows: 100 })
  expect(read(['analyst'])).toEqual({ maxDepth: 5, maxRows: 900 })
  expect(read(['analyst', 'clerk'])).toEqual({ maxDepth: 7, maxRows: 900 })
  expect(read(['boss'])).toEqual({ maxDepth: 10, maxRows: 900 })
  expect(read(null)).toEqual({ maxDepth: 10, maxRows: 1 })
})

test('roles that are not there are told', () => {
  const model = { roles: [{ name: 'analyst' }] } as never
  const check = (roles: object, openTo: readonly string[]) =>
    checkRoles(model, { limits: { roles } as never, documents: { openTo } })
  expect(() => check({ analist: {} }, ['boss'])).toThrow(
    'limits.roles: there is no role "analist". Did you mean "analyst"?\ndocuments.openTo: there is no role "boss".',
  )
  expect(check({ analyst: {} }, ['analyst'])).toBeUndefined()
  expect(checkRoles(model, { limits: { roles: {} }, documents: null })).toBeUndefined()
})

test('trusted documents: everything is executed in development, nothing else in production', () => {
  const documents = { files: ['documents.json', '/web/persisted.json'] }
  const files = ['/app/documents.json', '/web/persisted.json']
  expect(settings({}).documents).toBeNull()
  expect(settings({ documents }).documents).toEqual({ files, accept: 'all', openTo: [] })
  expect(settings({ documents }, 'start').documents).toEqual({ files, accept: 'trusted', openTo: [] })
  const all = { ...documents, accept: 'all', openTo: ['analyst'] }
  expect(settings({ documents: all }, 'start').documents).toEqual({ files, accept: 'all', openTo: ['analyst'] })
})

test.each([
  [true, 'documents: say `{ files: ["documents.json"] }`.'],
  [{ files: 'documents.json' }, 'documents.files: say the paths of files, such as ["documents.json"].'],
  [{ files: [] }, 'documents.files: say the paths of files, such as ["documents.json"].'],
  [{ files: ['a'], accept: 'none' }, 'documents.accept is "none": say "trusted" or "all".'],
  [{ files: ['a'], openTo: 'analyst' }, 'documents.openTo: say names of roles, such as ["analyst"].'],
])('trusted documents that cannot be read are told: %j', (documents, message) => {
  expect(() => settings({ documents })).toThrow(message)
})
