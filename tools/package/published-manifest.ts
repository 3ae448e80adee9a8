/** The parts of `package.json` that differ between this repository and the package. */
export interface Manifest {
  readonly exports: Readonly<Record<string, string>>
  readonly imports: Readonly<Record<string, string>>
  readonly scripts?: unknown
  readonly devDependencies?: unknown
  readonly overrides?: unknown
  readonly allowScripts?: unknown
  readonly [other: string]: unknown
}

/** What only this repository needs. */
const ours = ['scripts', 'devDependencies', 'overrides', 'allowScripts']

/**
 * The `package.json` of the package: entries lead to what `tools/build.ts` made instead of the sources, because Node
 * runs no TypeScript inside of `node_modules`.
 */
export function publishedManifest(source: Manifest): Readonly<Record<string, unknown>> {
  const kept = Object.entries(source).filter(([key]) => !ours.includes(key))
  return {
    ...Object.fromEntries(kept),
    files: ['bin', 'dist', 'docs', 'CHANGELOG.md', 'SECURITY.md'],
    exports: mapped(source.exports),
    imports: mapped(source.imports),
  }
}

function mapped(entries: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, built(path)]))
}

/** `./schema/public.ts` → its types and its JavaScript; data of a room → its copy; other files stay where they are. */
function built(path: string): unknown {
  if (/^\.\/\w+\/.*\.json$/.test(path)) return path.replace(/^\.\//, './dist/')
  if (!path.endsWith('.ts')) return path
  const base = path.replace(/^\.\//, './dist/').replace(/\.ts$/, '')
  return { types: `${base}.d.ts`, default: `${base}.js` }
}
