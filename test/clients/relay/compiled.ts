import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ConcreteRequest, ReaderFragment } from 'relay-runtime'

/** Documents as relay-runtime loads them. */
export interface Compiled {
  /** What the compiler printed. */
  readonly printed: string
  /** Names of all artifacts. */
  readonly names: readonly string[]
  request(name: string): ConcreteRequest
  fragment(name: string): ReaderFragment
  /** Removes the folder. */
  close(): Promise<void>
}

/** The configuration of a front-end, without where things are; the guide shows it. */
export const relayConfig = {
  schemaConfig: { nodeInterfaceIdField: 'nodeId', nodeInterfaceIdVariableName: 'nodeId' },
  customScalarTypes: {
    BigFloat: 'string',
    BigInt: 'string',
    Cursor: 'string',
    Date: 'string',
    Datetime: 'string',
    JSON: 'unknown',
    Time: 'string',
    UUID: 'string',
  },
}

/** Every scalar of the API is one of those above. */
const strict = { requireCustomScalarTypes: true, eagerEsModules: false }

const compiler = join(import.meta.dirname, '../../../node_modules/.bin/relay-compiler')

/**
 * Runs the real relay-compiler over `documents.ts` beside this file.
 *
 * @param schema file that holds the SDL
 */
export async function compileDocuments(schema: string): Promise<Compiled> {
  const folder = await mkdtemp(join(tmpdir(), 'rowhouse-relay-'))
  const made = join(folder, '__generated__')
  await Promise.all([mkdir(made), mkdir(join(folder, 'src'))])
  // It looks for JavaScript alone, which the documents are too.
  await cp(join(import.meta.dirname, 'documents.ts'), join(folder, 'src/documents.js'))
  await cp(schema, join(folder, 'schema.graphql'))
  const paths = { src: './src', schema: './schema.graphql', artifactDirectory: './__generated__' }
  const config = join(folder, 'relay.config.json')
  await writeFile(config, JSON.stringify({ ...relayConfig, ...paths, language: 'javascript', ...strict }))
  const { stdout, stderr } = await promisify(execFile)(compiler, [config], { cwd: folder }).catch((error) => {
    throw new Error(`${error.stdout}${error.stderr}`)
  })
  const load = createRequire(join(made, 'index.js'))
  const artifact = (name: string) => load(`./${name}.graphql.js`)
  return {
    printed: stdout + stderr,
    names: (await readdir(made)).map((file) => file.replace('.graphql.js', '')).toSorted(),
    request: artifact,
    fragment: artifact,
    close: () => rm(folder, { recursive: true }),
  }
}
