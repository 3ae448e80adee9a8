/** Settings of an app: the only place beside the command line that reads the environment. */
export { type AppConfig, defineConfig, type Person } from './config/app-config.ts'
export { appName } from './config/app-name.ts'
export { loadConfig } from './config/load-config.ts'
export type { Messages } from './config/messages.ts'
export { readSettings, type SettingsSource, validSettings } from './config/read-settings.ts'
export type { AuthSettings, DatabaseSettings, Environment, Purpose, Settings } from './config/settings.ts'
