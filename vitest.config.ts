import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Policy tests of fixture apps are run by `rowhouse policy test`.
    exclude: ['test/browser/**', 'test/domains/**', 'test/package/**', 'test/fixtures/**'],
    // Native imports: the app loader reads call sites, and apps import the same module instances as the tests.
    experimental: { viteModuleRunner: false },
    globalSetup: ['test/support/postgres/global-setup.ts'],
    pool: 'forks',
    // Tests wait for Postgres and for other processes most of the time: on two cores three at once take half as long as one.
    maxWorkers: Math.max(3, availableParallelism()),
    // Only there to end what hangs: no test is about how fast the machine is.
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
})
