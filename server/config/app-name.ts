import { appNameOf } from '#policies'
import type { AppConfig } from './app-config.ts'

/**
 * Name of an app: prefix of its roles, name of its embedded database, audience of its development tokens. It must be the same wherever the app is
 * deployed, so an app whose folder is called differently there says it in its configuration.
 *
 * @param folder absolute path of the app
 */
export function appName(config: AppConfig, folder: string): string {
  return config.name ?? appNameOf(folder)
}
