import { join } from 'node:path'
import { canonicalJson } from '#base'
import { buildCatalog, renderCatalog } from '#migrations'
import { loadModel, modelJson } from '#policies'
import { typesFile } from '#schema'
import { printSdl } from '../../server/graphql/print-sdl.ts'
import { inspectFiles } from './inspect-files.ts'
import { policyFiles } from './policy-files.ts'

/** The repository. */
export const root = join(import.meta.dirname, '../..')

/** What the example becomes at every waist, by path in the repository: model, catalog, SQL, API, registry. */
export async function invoicingFiles(): Promise<Readonly<Record<string, string>>> {
  const app = await loadModel(join(root, 'examples/invoicing'), { fresh: true })
  const { model, exports } = app
  const catalog = buildCatalog(model)
  const { entities, roles } = exports
  return {
    'test/golden/invoicing/model.json': modelJson(model),
    'test/golden/invoicing/catalog.json': canonicalJson(catalog),
    'test/golden/invoicing/schema.sql': renderCatalog(catalog),
    'test/golden/graphql/invoicing.graphql': printSdl(model),
    ...(await inspectFiles(app)),
    ...policyFiles(app),
    'examples/invoicing/.rowhouse/types.d.ts': typesFile({
      entities: entities.map(({ entity, file, name }) => ({ name: entity, file, exported: name })),
      roles: roles === null ? null : { file: roles.file, exported: roles.name },
    }),
  }
}
