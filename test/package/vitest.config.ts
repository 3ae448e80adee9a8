import { defineConfig } from 'vitest/config'

/** Needs a registry of npm packages, so it is not part of `npm test`. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/package/**/*.test.ts'],
    experimental: { viteModuleRunner: false },
    pool: 'forks',
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
})
