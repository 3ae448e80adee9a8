import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import { complaint, type SourceFile, sourceFiles } from './source-files.ts'

/** What each room may import, as in the design: a lower room never knows a higher one. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  schema: ['base'],
  policies: ['schema', 'base'],
  // Types alone: it runs in browsers.
  client: ['policies', 'schema'],
  migrations: ['policies', 'schema', 'base'],
  scripts: ['policies', 'schema', 'base'],
  workers: ['policies', 'schema', 'base'],
  server: ['migrations', 'scripts', 'workers', 'policies', 'schema', 'base'],
  cli: ['server', 'migrations', 'scripts', 'workers', 'policies', 'schema', 'base'],
}

/** Folders of a room that may not import what imports them. */
const oneWay = [
  { folder: 'server/http/', never: /^server\/front\// },
  { folder: 'server/http/limits/', never: /^server\/http\/[^/]+$/ },
] as const

/** Entries that apps import; a room never imports them itself. */
const published = /^rowhouse(\/|$)/

/** Complaints about imports against the direction of the rooms, past a room's index, or of the environment outside its places. */
export function checkImportDirections(): readonly string[] {
  const rooms = Object.keys(mayImport)
  return sourceFiles(rooms).flatMap((file) => [...importFaults(file), ...environmentFaults(file)])
}

/** Complaints about the imports of one file. */
export function importFaults(file: SourceFile): readonly string[] {
  const room = file.path.split('/')[0]!
  return importsOf(file).flatMap(({ request, start }) => {
    const fault = faultOf(room, file.path, request)
    return fault === null ? [] : [complaint(file, start, fault)]
  })
}

function faultOf(room: string, path: string, request: string): string | null {
  if (request.startsWith('.')) {
    const target = posix.join(posix.dirname(path), request)
    const [named] = target.split('/')
    if (named !== room) return `"${request}" leaves the room: import "#${named}".`
    const known = oneWay.find(({ folder, never }) => path.startsWith(folder) && never.test(target))
    return known === undefined ? null : `"${known.folder}" may not import "${request}", which knows it.`
  }
  if (request.startsWith('#')) {
    const target = request.slice(1)
    if (target === room) return `"${request}" is this room: import relatively.`
    return mayImport[room]!.includes(target) ? null : `"${room}" may not import "${request}".`
  }
  if (published.test(request)) return `"${request}" is for apps.`
  if (builtinModules.includes(request)) return `write "node:${request}".`
  return null
}

/** Complaints about `process.env` in one file; it is read in `server/config.ts` and `cli/` only. */
export function environmentFaults(file: SourceFile): readonly string[] {
  if (file.path === 'server/config.ts' || file.path.startsWith('cli/')) return []
  const found = file.text.search(/process\.env\b/)
  return found === -1 ? [] : [complaint(file, found, 'process.env is read in server/config.ts and cli/ only.')]
}

function importsOf(file: SourceFile): readonly { readonly request: string; readonly start: number }[] {
  const { staticImports, staticExports, dynamicImports } = file.parsed.module
  const named = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest),
    ...staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest ?? [])),
  ].map(({ value, start }) => ({ request: value, start }))
  const dynamic = dynamicImports.flatMap(({ moduleRequest }) => {
    const quoted = /^(['"`])([^'"`$]*)\1$/.exec(file.text.slice(moduleRequest.start, moduleRequest.end))
    return quoted === null ? [] : [{ request: quoted[2]!, start: moduleRequest.start }]
  })
  return [...named, ...dynamic]
}
