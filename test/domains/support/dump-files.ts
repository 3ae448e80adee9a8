import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A public database that the language is tried on. */
export type Domain = 'chinook' | 'northwind'

const domains: readonly Domain[] = ['chinook', 'northwind']

/** Paths of the dumps that a folder should hold and does not. */
export function missingDumps(folder: string): readonly string[] {
  return domains.map((domain) => dumpPath(folder, domain)).filter((path) => !existsSync(path))
}

/**
 * The statements of a dump, for one query over the wire: without what is for `psql`, and without what Postgres forgot since.
 *
 * @throws Error when ROWHOUSE_DUMPS names no folder with dumps, or the dump holds rows that only `psql` can send
 */
export function dumpText(domain: Domain): string {
  const folder = process.env.ROWHOUSE_DUMPS
  if (folder === undefined) throw new Error('Run it as npm run test:domains -- <folder of the dumps>.')
  const text = readFileSync(dumpPath(folder, domain), 'utf8')
  if (/^copy .* from stdin/im.test(text)) throw new Error(`${dumpPath(folder, domain)} holds COPY blocks.`)
  return text.replaceAll(/^(\\.*|(drop|create) database .*|set default_with_oids .*)$/gim, '')
}

function dumpPath(folder: string, domain: Domain): string {
  return join(folder, domain, `${domain}.sql`)
}
