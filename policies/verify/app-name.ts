import type { Verification } from '#schema'

/** The app's name can be the prefix of Postgres roles. */
export function verifyAppName({ model, problems }: Verification): void {
  if (/^[a-z][a-z0-9_]{0,30}$/.test(model.app)) return
  const hint = 'Rename the folder, or say `app` in rowhouse.config.ts: small letters, digits and _, at most 31 in all.'
  problems.reportAt('APP_NAME_INVALID', null, `"${model.app}" cannot be the name of an app.`, hint)
}
