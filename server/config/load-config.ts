import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { OperatorError } from '#base'
import { missingPackageHint } from '#schema'
import type { AppConfig } from './app-config.ts'

/** Name of the optional file in an app folder. */
export const configFile = 'rowhouse.config.ts'

/**
 * What `rowhouse.config.ts` of an app exports, not yet validated; empty when there is no such file.
 *
 * @param folder absolute path of the app
 * @throws OperatorError CONFIG_UNREADABLE when the file cannot be run or does not export `config`
 */
export async function loadConfig(folder: string): Promise<AppConfig> {
  const file = join(folder, configFile)
  if (!(await exists(file))) return {}
  const config = (await run(file)).config
  if (typeof config === 'object' && config !== null) return config
  throw new OperatorError(
    'CONFIG_UNREADABLE',
    `"${configFile}" exports no "config".`,
    'Say `export const config = defineConfig({ … })`.',
  )
}

async function run(file: string): Promise<{ readonly config?: AppConfig }> {
  try {
    return await import(pathToFileURL(file).href)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const hint = missingPackageHint(cause) ?? 'Mend the file and try again.'
    throw new OperatorError('CONFIG_UNREADABLE', `"${file}" cannot be run: ${reason}`, hint, { cause })
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
