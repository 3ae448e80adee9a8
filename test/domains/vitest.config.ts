import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/domains/**/*.test.ts'],
    experimental: { viteModuleRunner: false },
    globalSetup: ['test/support/postgres/global-setup.ts'],
    pool: 'forks',
    // The default of one second is a claim about the machine.
    expect: { poll: { timeout: 60_000 } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
