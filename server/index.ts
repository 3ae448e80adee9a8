export {
  type AppConfig,
  type AuthSettings,
  configFile,
  type DatabaseSettings,
  defineConfig,
  type Environment,
  loadConfig,
  type Person,
  type Purpose,
  readSettings,
  type Settings,
  validSettings,
} from './config.ts'
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  findEmbeddedPostgres,
  openEmbeddedPostgres,
} from './postgres/embedded/index.ts'
export type { Seed, SeedData, SeedRow, SeedRows, SeedTenant, SeedValue } from './seed/define-seed.ts'
export { loadSeed, seedFile } from './seed/load-seed.ts'
export { runSeed, type SeedOptions, type SeedOutcome } from './seed/run-seed.ts'
export { stableId } from './seed/stable-id.ts'
