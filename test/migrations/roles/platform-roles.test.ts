import { describe, expect, test } from 'vitest'
import {
  appRoleName,
  platformRoles,
  replacePlaceholders,
  resolveRole,
  rolePlaceholders,
} from '../../../migrations/roles/platform-roles.ts'
import { roleSetName } from '../../../migrations/roles/role-set-name.ts'

const names = platformRoles('invoicing')

describe('names of roles', () => {
  test('carry the prefix of the app', () => {
    expect(names).toEqual({
      prefix: 'invoicing',
      owner: 'invoicing_owner',
      private: 'invoicing_private',
      reports: 'invoicing_reports',
      search: 'invoicing_search',
      queueKeeper: 'invoicing_queue_keeper',
      queue: 'invoicing_queue',
      jobs: 'invoicing_jobs',
      member: 'invoicing_member',
      anonymous: 'invoicing_anonymous',
      login: 'invoicing_login',
    })
    expect(platformRoles('invoicing', 'web').login).toBe('web')
    expect(appRoleName(names, 'salesLead')).toBe('invoicing_sales_lead')
    expect(resolveRole(names, ':ROLE_SALES_LEAD')).toBe('invoicing_sales_lead')
    expect(resolveRole(names, ':PRIVATE')).toBe('invoicing_private')
    expect(() => resolveRole(names, ':SALES')).toThrow(TypeError)
    expect(rolePlaceholders(names, [':ROLE_SALES'])).toEqual({
      ':OWNER': 'invoicing_owner',
      ':PRIVATE': 'invoicing_private',
      ':REPORTS': 'invoicing_reports',
      ':SEARCH': 'invoicing_search',
      ':QUEUE_KEEPER': 'invoicing_queue_keeper',
      ':QUEUE': 'invoicing_queue',
      ':JOBS': 'invoicing_jobs',
      ':MEMBER': 'invoicing_member',
      ':ANONYMOUS': 'invoicing_anonymous',
      ':ROLE_SALES': 'invoicing_sales',
    })
  })

  test.each([
    'owner',
    'private',
    'member',
    'anonymous',
    'login',
    'euOwner',
    'eu_login',
    'set_0123456789ab',
    'x"; drop role y',
    'é',
  ])('of the app may not be %s, which means something else', (role) => {
    expect(() => appRoleName(names, role)).toThrow(expect.objectContaining({ code: 'ROLE_TAKEN' }))
  })

  test.each(['', 'Big', 'a-b', '1a', 'a'.repeat(47), 'a"b'])('cannot begin with "%s"', (prefix) => {
    expect(() => platformRoles(prefix)).toThrow(expect.objectContaining({ code: 'ROLE_TAKEN' }))
  })

  test('stand in SQL where their placeholders were, and casts stay', () => {
    expect(replacePlaceholders('grant ":OWNER" to ":ROLE_SALES"; select 1::text', names)).toBe(
      'grant "invoicing_owner" to "invoicing_sales"; select 1::text',
    )
  })
})

describe('the name of a role set', () => {
  test('depends on which roles, not on their order or number', () => {
    const name = roleSetName('invoicing', ['sales', 'manager'])
    expect(name).toMatch(/^invoicing_set_[0-9a-f]{12}$/)
    expect(roleSetName('invoicing', ['manager', 'sales', 'manager'])).toBe(name)
    expect(roleSetName('invoicing', ['sales'])).not.toBe(name)
    expect(roleSetName('invoicing', [])).toBe('invoicing_set_e3b0c44298fc')
  })
})
