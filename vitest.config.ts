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
    setupFiles: ['test/support/each-file.ts'],
    pool: 'forks',
    // Files share processes, one after the other: importing the product and warming it up took half of all processor time. Nothing happens on import
    // and no module keeps what a test changes, so no file sees another; `vitest run --isolate` and `--sequence.shuffle` say whether that holds.
    isolate: false,
    // Tests wait for Postgres and for other processes most of the time: on two cores three at once take half as long as one.
    maxWorkers: Math.max(3, availableParallelism()),
    // Only there to end what hangs: no test is about how fast the machine is.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // The default of one second is a claim about the machine.
    expect: { poll: { timeout: 60_000, interval: 20 } },
  },
})
