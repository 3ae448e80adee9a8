import { canonicalJson } from '#base'
import type { Settings } from '#server'

/** Settings that differ and that what runs already does not follow: the next start will use them. */
export function lateSettings(before: Settings, after: Settings): readonly (keyof Settings)[] {
  return (Object.keys(follows) as (keyof Settings)[]).filter(
    (name) => follows[name] === 'next start' && canonicalJson(before[name]) !== canonicalJson(after[name]),
  )
}

/** Who follows when a setting changes. `environment`: it comes from there; or it is the same for each `dev`, or `dev` does without it, so that no file of the app changes anything. */
const follows: Readonly<Record<keyof Settings, 'next start' | 'what runs' | 'environment'>> = {
  folder: 'environment',
  host: 'next start',
  port: 'next start',
  dataFolder: 'environment',
  isDataFolderChosen: 'environment',
  database: 'environment',
  auth: 'environment',
  graphiql: 'environment',
  poolSize: 'environment',
  databasePooling: 'next start',
  trustedProxies: 'next start',
  messages: 'next start',
  limits: 'next start',
  cors: 'next start',
  documents: 'next start',
  introspection: 'next start',
  scripts: 'next start',
  keep: 'environment',
  people: 'what runs',
  secretKeys: 'environment',
}
