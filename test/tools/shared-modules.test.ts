import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

// Test files share processes: a hook at the top of a module that they share would belong to the first of them alone.
test('no module beside the test files has hooks of its own', () => {
  const modules = globSync('test/**/*.ts').filter((path) => !path.endsWith('.test.ts'))
  expect(modules.length).toBeGreaterThan(100)
  const hooked = modules.filter((path) =>
    /^(?:await )?(?:beforeAll|beforeEach|afterAll|afterEach|onTest\w+)\(/m.test(readFileSync(path, 'utf8')),
  )
  expect(hooked).toEqual([])
})
