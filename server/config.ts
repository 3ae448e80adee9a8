/** Settings of an app: the only place beside the command line that reads the environment. */
export {
  type AppConfig,
  type CorsConfig,
  type DocumentsConfig,
  defineConfig,
  type EventsConfig,
  type JobsConfig,
  type KeptDays,
  type LimitsConfig,
  type OperationLimitsConfig,
  type Person,
  type ScriptLimitsConfig,
  type TenantScriptLimitsConfig,
} from './config/app-config.ts'
export { appName } from './config/app-name.ts'
export { defaultLimits, type LimitSettings, type OperationLimits } from './config/limits.ts'
export { loadConfig } from './config/load-config.ts'
export type { Messages } from './config/messages.ts'
export type { CorsSettings } from './config/read-cors.ts'
export type { DocumentSettings } from './config/read-documents.ts'
export { defaultRetention, type RetentionSettings } from './config/read-retention.ts'
export { readSettings, type SettingsSource, validSettings } from './config/read-settings.ts'
export type { AuthSettings, DatabaseSettings, Environment, Purpose, Settings } from './config/settings.ts'
