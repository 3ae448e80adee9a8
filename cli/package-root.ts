import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of Rowhouse itself: the repository, or the installed package. By name, because built files lie deeper than their sources. */
export function packageRoot(): string {
  return dirname(fileURLToPath(import.meta.resolve('rowhouse/package.json')))
}

/** Path of the documents as seen from the current folder: `docs`, or `node_modules/rowhouse/docs`. */
export function docsFolder(): string {
  return `${relative(process.cwd(), packageRoot())}/docs`.replaceAll('\\', '/').replace(/^\//, '')
}
