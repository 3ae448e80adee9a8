import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { loadModel } from '#policies'
import { derivedTypes } from '../../schema/verify/derived-types.ts'
import { reservedTypeNames } from '../../schema/verify/reserved.ts'

const root = join(import.meta.dirname, '../..')

test('every type of an API is one of the author, reserved, or known to be derived', async () => {
  const { model } = await loadModel(join(root, 'examples/invoicing'))
  const sdl = parse(readFileSync(join(root, 'test/golden/graphql/invoicing.graphql'), 'utf8'))
  const types = sdl.definitions.flatMap((each) => ('name' in each && each.name !== undefined ? [each.name.value] : []))
  const enums = model.entities.flatMap(({ fields }) =>
    fields.flatMap(({ type }) => (type.kind === 'choice' ? [type.enum] : [])),
  )
  const known = new Set([
    ...model.entities.map(({ name }) => name),
    ...enums,
    ...reservedTypeNames,
    ...derivedTypes(model.entities).keys(),
  ])
  expect(types.length).toBeGreaterThan(400)
  expect(types.filter((name) => !known.has(name))).toEqual([])
})
