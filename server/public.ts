/** What an app imports from `rowhouse`. */
export { type AppConfig, defineConfig, type Person } from './config/app-config.ts'
export {
  defineSeed,
  type Seed,
  type SeedData,
  type SeedRow,
  type SeedRows,
  type SeedTenant,
  type SeedValue,
} from './seed/define-seed.ts'
export { stableId } from './seed/stable-id.ts'
