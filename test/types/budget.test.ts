import { expect, test } from 'vitest'
import { compile, scratchFolder } from './compile.ts'
import { writeLargeApp } from './large-app.ts'

/** An entity and its policy may cost this much; what the engine's own files cost is counted apart. */
const maxPerEntity = 1200

test(`200 entities with policies need at most ${maxPerEntity} instantiations each`, async () => {
  const few = await instantiations(10)
  const many = await instantiations(210)
  const perEntity = (many - few) / 200
  console.log(`instantiations: ${few} for 10 entities, ${many} for 210, ${perEntity} for each more`)
  expect(perEntity).toBeLessThanOrEqual(maxPerEntity)
  // Not free either: then the policies would not have been checked.
  expect(perEntity).toBeGreaterThan(50)
})

async function instantiations(size: number): Promise<number> {
  using folder = scratchFolder()
  writeLargeApp(folder.path, size)
  const compiled = await compile(folder.path)
  expect(compiled.messages).toEqual([])
  return compiled.instantiations
}
