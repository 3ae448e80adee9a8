import { GraphQLError } from 'graphql'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { Bug, RequestError } from '#base'
import { ConstraintFields } from '../../../server/http/constraint-fields.ts'
import type { LogEvent } from '../../../server/http/log-event.ts'
import { createMaskError } from '../../../server/http/mask-error.ts'
import { fixtureModel } from '../fixture-model.ts'

const log: LogEvent[] = []
const mask = createMaskError(new ConstraintFields(fixtureModel()), (event) => log.push(event))

/** As the engine throws it. */
function stackOverflow(): Error {
  const descend = (): never => descend()
  try {
    return descend()
  } catch (error) {
    return error as Error
  }
}

const tooComplex = 'Query is too complex, Grafast refuses to continue processing'

/** As the planner tells of what went wrong in it. */
function planningError(cause: Error): Error {
  return new Error(`Query planning error: ${cause.message}`, { cause })
}

/** An error as Postgres sends it, with everything in it that nobody may see. */
function postgresError(code: string, given: object = {}): Error {
  const error = new pg.DatabaseError('secret: relation "app.order" of tenant 7', 100, 'error')
  return Object.assign(error, {
    ...{
      code,
      severity: 'ERROR',
      detail: 'secret: Key (tenant_id, sku)=(7, x)',
      hint: 'secret',
      where: 'secret: PL/pgSQL',
    },
    ...{ schema: 'app', routine: 'secret', file: 'secret.c', internalQuery: 'secret: select' },
    ...given,
  })
}

describe('what a caller is told of an error of Postgres', () => {
  test.each([
    ['42501', {}, 'FORBIDDEN', 'No rule allows this.', undefined],
    [
      'RH404',
      { table: 'order', column: 'customer_id' },
      'NOT_FOUND',
      'There is no such row for "customerId".',
      ['customerId'],
    ],
    [
      '23505',
      { table: 'product', constraint: 'product_sku_key' },
      'CONFLICT',
      'Another row has the same "sku".',
      ['sku'],
    ],
    [
      '23505',
      { table: 'customer', constraint: 'customer_name_region_key' },
      'CONFLICT',
      'Another row has the same "name" and "region".',
      ['name', 'region'],
    ],
    ['23505', { table: 'order', constraint: 'order_pkey' }, 'CONFLICT', 'Another row has the same "id".', ['id']],
    ['23505', { table: 'order', constraint: 'never_heard_of' }, 'CONFLICT', 'Another row has the same values.', []],
    ['23503', { table: 'order', constraint: 'order_customer_fkey' }, 'CONFLICT', /"orders"/, ['customerId']],
    ['23001', { table: 'invoice' }, 'CONFLICT', /"invoices"/, []],
    ['23001', { table: 'never_heard_of' }, 'CONFLICT', 'Other rows refer to this one.', []],
    ['23502', { table: 'order', column: 'number' }, 'VALIDATION', '"number" is required.', ['number']],
    ['23502', { table: 'order', column: 'tenant_id' }, 'VALIDATION', 'A required value is missing.', []],
    [
      '23514',
      { table: 'order_line', constraint: 'order_line_quantity_check' },
      'VALIDATION',
      'The value of "quantity" is not allowed.',
      ['quantity'],
    ],
    ['22P02', {}, 'VALIDATION', /cannot be read/, undefined],
    ['22003', { routine: 'pg_strtoint64_safe' }, 'VALIDATION', /out of range/, undefined],
    ['22008', { routine: 'DateTimeParseError' }, 'VALIDATION', /out of range/, undefined],
    ['40001', {}, 'CONFLICT', /Try again/, undefined],
    ['40P01', {}, 'CONFLICT', /Try again/, undefined],
    ['57014', {}, 'TIMEOUT', /longer than it may/, undefined],
  ])('%s %j is %s', (code, given, expected, message, fields) => {
    const masked = mask(postgresError(code, given))
    expect(masked.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
    expect(masked.extensions.code).toBe(expected)
    expect(masked.extensions.fields).toEqual(fields)
    expect(JSON.stringify(masked)).not.toContain('secret')
  })

  test.each(['08006', '53300', '57P01', '57P03', '25P03', 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND'])(
    '%s is UNAVAILABLE, and no mistake of ours',
    (code) => {
      const { message, extensions } = mask(postgresError(code))
      expect(extensions).toMatchObject({ code: 'UNAVAILABLE', retry: true })
      expect(message).not.toContain(code)
    },
  )

  test('every other SQLSTATE, and every other error, is INTERNAL with an id that finds it in the log', () => {
    const others = [
      '08P01',
      '0A000',
      // What rows hold made a read fail: no caller can mend it.
      '22003',
      '22008',
      '22012',
      '22023',
      '25P02',
      '28000',
      '3D000',
      '42601',
      '42703',
      '42P01',
      '55P03',
      'P0001',
      'XX000',
      'RH500',
    ]
    const errors = [
      ...others.map((code) => postgresError(code)),
      new Error('secret: connect ECONNREFUSED 10.0.0.1'),
      new Bug('secret'),
      new TypeError('secret'),
      Object.assign(new Error('secret'), { code: '42501' }),
      'secret',
      null,
      { secret: true },
    ]
    for (const error of errors) {
      log.length = 0
      const masked = mask(error)
      expect(masked.extensions).toEqual({ code: 'INTERNAL', id: expect.stringMatching(/^[0-9a-f-]{36}$/) })
      expect(masked.message).toBe('Something went wrong on our side.')
      expect(JSON.stringify(masked)).not.toContain('secret')
      expect(log).toEqual([{ kind: 'internal-error', id: masked.extensions.id, error }])
    }
  })

  // Both come out of documents that a caller wrote, as often as the caller likes: a stack in the log each time would fill it.
  test.each([
    ['the stack', stackOverflow()],
    ['the stack, told as GraphQL', new GraphQLError('secret', { originalError: stackOverflow() })],
    ['the planner', planningError(new Error(`${tooComplex} at planning depth 100.`))],
    ['the stack of the planner', planningError(stackOverflow())],
  ])('a document too deep for %s is LIMIT, and nothing for the log', (_, error) => {
    log.length = 0
    const masked = mask(error)
    expect(masked.extensions).toEqual({ code: 'LIMIT' })
    expect(masked.message).toBe('The operation is nested deeper than can be followed. Ask for less at once.')
    expect(log).toEqual([])
  })

  test('another RangeError is ours', () => {
    expect(mask(new RangeError('Invalid array length')).extensions.code).toBe('INTERNAL')
    expect(mask(planningError(new Error('secret'))).extensions.code).toBe('INTERNAL')
  })

  test('our own errors for callers pass as they are', () => {
    expect(mask(new RequestError('LIMIT', 'Too much.', { most: 5 }))).toMatchObject({
      message: 'Too much.',
      extensions: { code: 'LIMIT', most: 5 },
    })
  })
})
