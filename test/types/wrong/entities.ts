import { entity, hasOne, int, many, one, string, text } from 'rowhouse/schema'

// @ts-expect-error unknown target
export const a = one('Custmer')
// @ts-expect-error a required relation cannot be set to null
export const b = one('Customer', { onDelete: 'setNull' })
// @ts-expect-error misspelt option
export const c = one('Customer', { onDelet: 'cascade' })
// @ts-expect-error unknown word
export const d = one('Customer', { onRemove: 'forget' })
// @ts-expect-error the only default
export const e = one('User', { default: 'me' })
// @ts-expect-error the other side is needed
export const f = hasOne('Invoice')
// @ts-expect-error the other side is needed
export const g = many('Order')
// @ts-expect-error one or the other
export const h = many('Product', { by: 'order', through: 'OrderLine' })
// @ts-expect-error unknown entity in between
export const i = many('Product', { through: 'OrderLin' })
// @ts-expect-error from and to belong to through
export const j = many('Order', { by: 'customer', from: 'x' })

// @ts-expect-error a relation is no field
export const A = entity('A', { fields: { customer: one('Customer') } })
// @ts-expect-error a field is no relation
export const B = entity('B', { fields: {}, relations: { name: string() } })
// @ts-expect-error fields are needed
export const C = entity('C', {})
// @ts-expect-error misspelt part
export const D = entity('D', { fields: { a: text() }, tenat: false })
// @ts-expect-error false, or leave it out
export const E = entity('E', { fields: { a: text() }, tenant: true })
// @ts-expect-error unknown field
export const F = entity('F', { fields: { name: text() }, display: 'nmae' })
// @ts-expect-error unknown field
export const G = entity('G', { fields: { name: text() }, unique: [['nmae']] })
// @ts-expect-error a list of lists
export const H = entity('H', { fields: { name: text() }, unique: ['name'] })
// @ts-expect-error unknown field
export const I = entity('I', { fields: { name: text() }, indexes: [{ on: ['-nmae'] }] })
// @ts-expect-error many rows have no column
export const J = entity('J', { fields: {}, relations: { lines: many('OrderLine', { by: 'j' }) }, unique: [['lines']] })
// @ts-expect-error no lifecycle, no status
export const K = entity('K', { fields: { name: text() }, indexes: [{ on: ['status'] }] })
// @ts-expect-error unknown field
export const L = entity('L', { fields: { n: int() }, indexes: [{ on: ['n'], where: { m: 5 } }] })
// @ts-expect-error a number
export const M = entity('M', { fields: { n: int() }, indexes: [{ on: ['n'], where: { n: 'x' } }] })

const fields = { name: text() }
const states = ['a', 'b'] as const
// @ts-expect-error unknown state
export const N = entity('N', { fields, lifecycle: { initial: 'c', states, transitions: {} } })
export const O = entity('O', {
  fields,
  // @ts-expect-error unknown state
  lifecycle: { initial: 'a', states, transitions: { go: { from: 'a', to: 'c' } } },
})
export const P = entity('P', {
  fields,
  // @ts-expect-error unknown state
  lifecycle: { initial: 'a', states, transitions: { go: { from: ['a', 'c'], to: 'b' } } },
})
export const Q = entity('Q', {
  fields,
  // @ts-expect-error unknown field
  lifecycle: { initial: 'a', states, transitions: { go: { from: 'a', to: 'a', when: { nmae: 'x' } } } },
})
export const R = entity('R', {
  fields,
  // @ts-expect-error misspelt part
  lifecycle: { initial: 'a', states, transitions: { go: { from: 'a', to: 'a', whne: { name: 'x' } } } },
})
export const S = entity('S', {
  fields,
  // @ts-expect-error misspelt part
  lifecycle: { initial: 'a', states: { a: { lable: 'A' } }, transitions: {} },
})
// @ts-expect-error unknown folder
export const T = entity('T', { fields, actions: { go: { runs: 'lib/go' } } })
// @ts-expect-error a body is needed
export const U = entity('U', { fields, actions: { go: {} } })
// @ts-expect-error misspelt part
export const V = entity('V', { fields, actions: { go: { runs: 'scripts/go', inptu: {} } } })
// @ts-expect-error an input is made of fields
export const W = entity('W', { fields, actions: { go: { runs: 'scripts/go', input: { message: 'text' } } } })
// @ts-expect-error a report is a file of SQL
export const X = entity('X', { fields, sql: 'reports/x.txt', key: 'name' })
