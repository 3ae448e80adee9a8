import type { Verification } from '#schema'

/** The app's name can be the prefix of Postgres roles and the name of a database of its own. */
export function verifyAppName({ model, problems }: Verification): void {
  if (isOfPostgres(model.app)) {
    const hint =
      'Postgres has databases and roles of its own with such names. Say another `name` in rowhouse.config.ts.'
    problems.reportAt('APP_NAME_INVALID', null, `"${model.app}" belongs to Postgres and cannot be an app.`, hint)
    return
  }
  if (/^[a-z][a-z0-9_]{0,30}$/.test(model.app)) return
  const hint = 'Rename the folder, or say `name` in rowhouse.config.ts: small letters, digits and _, at most 31 in all.'
  problems.reportAt('APP_NAME_INVALID', null, `"${model.app}" cannot be the name of an app.`, hint)
}

/** Every cluster has these databases; `dev` would fill them, `--recreate` drop them. Postgres keeps `pg_` for its own roles. */
function isOfPostgres(app: string): boolean {
  return ['postgres', 'template0', 'template1'].includes(app) || app.startsWith('pg_')
}
