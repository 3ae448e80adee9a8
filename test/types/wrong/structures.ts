import { policy, row } from 'rowhouse/policies'
import { base64, dict, int, list, secret, shape, shapeType, string } from 'rowhouse/schema'
import { Product } from '../schema/product.entity.ts'

export const fields = [
  // @ts-expect-error elements are never null
  list(int({ optional: true })),
  // @ts-expect-error a field is needed
  list('text'),
  // @ts-expect-error not of the elements' kind
  list(int(), { default: ['a'] }),
  // @ts-expect-error lists are not unique
  list(int(), { unique: true }),
  // @ts-expect-error a required part is missing
  shape({ a: int(), b: string() }, { default: { a: 1 } }),
  // @ts-expect-error no such part
  shape({ a: int() }, { default: { a: 1, c: 2 } }),
  // @ts-expect-error parts are fields
  shape({ a: 1 }),
  // @ts-expect-error a name is needed
  shapeType({ a: int() }),
  // @ts-expect-error not of the values' kind
  dict({ values: int(), default: { a: 'x' } }),
  // @ts-expect-error a size is needed
  base64(),
  // @ts-expect-error how it is kept is needed
  secret({}),
  // @ts-expect-error secrets are not unique
  secret({ keep: 'hash', unique: true }),
  // @ts-expect-error secrets have no default
  secret({ keep: 'hash', default: 'x' }),
  // @ts-expect-error there is no other way to keep it
  secret({ keep: 'plain' }),
]

export const P = policy(Product, {
  // @ts-expect-error an element of another kind
  'another kind': { allow: 'sales', to: 'read', where: { tags: { has: 1 } } },
  // @ts-expect-error lists are not compared as a whole
  'a whole list': { allow: 'sales', to: 'read', where: { tags: ['a'] } },
  // @ts-expect-error lists have no order
  'a list in order': { allow: 'sales', to: 'read', where: { tags: { over: ['a'] } } },
  // @ts-expect-error parts of shapes are not compared
  'a part': { allow: 'sales', to: 'read', where: { origin: { street: 'x' } } },
  // @ts-expect-error lists of shapes are only empty or not
  'a shape in a list': { allow: 'sales', to: 'read', where: { stops: { has: null } } },
  // @ts-expect-error a secret is compared with nothing
  'a secret': { allow: 'sales', to: 'read', where: { code: '4711' } },
  // @ts-expect-error nor with anything of the caller
  'a secret of the caller': { allow: 'sales', to: 'read', where: { code: { is: row('code') } } },
  // @ts-expect-error a secret has no parts to look for
  'a part of a secret': { allow: 'sales', to: 'read', where: { code: { contains: '4' } } },
  // @ts-expect-error binary data is not compared
  'binary data': { allow: 'sales', to: 'read', where: { seal: 'aGk=' } },
})
