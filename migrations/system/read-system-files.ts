import { readdirSync, readFileSync } from 'node:fs'
import { sha256 } from '#base'

/** One numbered file of the platform's SQL. */
export interface SystemFile {
  readonly number: number
  /** `0001-schemas.sql` */
  readonly name: string
  /** With role placeholders. */
  readonly text: string
  /** Of the text, whatever the line ends of the checkout are. */
  readonly hash: string
}

/** The platform's SQL, in order. */
export function readSystemFiles(): readonly SystemFile[] {
  return readdirSync(import.meta.dirname)
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const text = readFileSync(`${import.meta.dirname}/${name}`, 'utf8').replaceAll('\r\n', '\n')
      return { number: Number(name.slice(0, 4)), name, text, hash: sha256(text) }
    })
}
