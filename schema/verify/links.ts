import { fitsIdentifier, maxIdentifierBytes } from '#base'
import { linkNames, type WrittenLink, writtenLinks } from '../complete/links.ts'
import type { Verification } from './context.ts'

/** Every link has a table of its own, under a name that Postgres and GraphQL can say. */
export function verifyLinks(check: Verification): void {
  const first = new Map<string, WrittenLink>()
  for (const link of linksOf(check)) {
    // A link to nowhere is reported as a relation to nowhere.
    if (!check.entities.has(link.to)) continue
    verifyTable(check, link)
    const { entity } = linkNames(link)
    const known = first.get(entity)
    if (known === undefined) first.set(entity, link)
    else reportDuplicate(check, link, known)
  }
}

/** Links as they were written, each once. */
export function linksOf({ app }: Pick<Verification, 'app'>): readonly WrittenLink[] {
  return writtenLinks(app.declarations.flatMap((each) => (each.kind === 'entity' ? [each.declared] : [])))
}

function pathOf({ entity, relation }: WrittenLink) {
  return [entity, 'relations', relation]
}

function verifyTable({ problems, model }: Verification, link: WrittenLink): void {
  const names = linkNames(link)
  const place =
    link.linkTable === null ? { path: pathOf(link), part: 'key' as const } : { path: [...pathOf(link), 'linkTable'] }
  const hint = `Write \`${link.relation}: many('${link.to}', { link: true, linkTable: 'name_of_the_table' })\`.`
  const report = (message: string): void => problems.report('RELATION_LINK_TABLE_INVALID', place, message, { hint })
  if (!/^[a-z][a-z0-9]*(?:_+[a-z0-9]+)*$/.test(names.table))
    report(`"${names.table}" cannot be the name of a table: small letters, digits and single "_" only.`)
  else if (!fitsIdentifier(names.table))
    report(`"${names.table}" has more than the ${maxIdentifierBytes} bytes that Postgres keeps.`)
  const taken = model.entities.find(
    ({ link: made, name, table }) => made === null && (name === names.entity || table === names.table),
  )
  if (taken !== undefined) report(`The link would be called "${names.table}" (${names.entity}), like "${taken.name}".`)
}

function reportDuplicate({ problems }: Verification, link: WrittenLink, known: WrittenLink): void {
  const isOtherSide = link.entity === known.to && link.to === known.entity && link.entity !== link.to
  const another = `\`${link.relation}: many('${link.to}', { link: true, linkTable: '…' })\``
  const hint = isOtherSide
    ? `If it is the other side of "${known.relation}", write \`${link.relation}: many('${link.to}', { by: '${known.relation}' })\`; if it is another link, ${another}.`
    : `Give it a table of its own: ${another}.`
  const message = `"${known.relation}" of "${known.entity}" links the two already, in the same table.`
  const related = { message: 'the other is declared in', path: pathOf(known), part: 'key' } as const
  problems.report('RELATION_LINK_DUPLICATE', { path: pathOf(link), part: 'key' }, message, { hint, related })
}
