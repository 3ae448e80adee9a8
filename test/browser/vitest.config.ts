import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/browser/**/*.test.ts'],
    experimental: { viteModuleRunner: false },
    pool: 'forks',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
