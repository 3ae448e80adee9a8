import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadModel } from '#policies'
import { printSdl } from '../../../server/graphql/print-sdl.ts'

test('the API of the example is the golden one, byte for byte', async () => {
  const { model } = await loadModel(fileURLToPath(new URL('../../../examples/invoicing', import.meta.url)))
  const sdl = printSdl(model)
  expect(printSdl(model)).toBe(sdl)
  await expect(sdl).toMatchFileSnapshot('../../golden/graphql/invoicing.graphql')
})
