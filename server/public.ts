/** What an app imports from `rowhouse`. */
export {
  type AppConfig,
  type CorsConfig,
  type DocumentsConfig,
  defineConfig,
  type LimitsConfig,
  type OperationLimitsConfig,
  type Person,
} from './config/app-config.ts'
export type { Messages } from './config/messages.ts'
export {
  defineSeed,
  type Seed,
  type SeedData,
  type SeedRow,
  type SeedRowStreams,
  type SeedRows,
  type SeedSize,
  type SeedStream,
  type SeedTenant,
  type SeedTenantStream,
  type SeedValue,
} from './seed/define-seed.ts'
export { stableId } from './seed/stable-id.ts'
