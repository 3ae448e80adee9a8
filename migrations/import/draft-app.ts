import type { ModelDeclarations } from '#policies'
import { declare, type PolicyDeclaration, type RolesDeclaration, sharedTypes } from '#schema'
import { draftEntity } from './draft-entity.ts'
import { nameParts } from './draft-names.ts'
import { type Finding, finding } from './finding.ts'
import type { FoundDatabase } from './found-database.ts'
import { readLinks } from './links.ts'
import { type ImportOptions, type Refusals, surveyTables } from './survey.ts'

/** The calls of an app over the tables of a database, and what they do not say. */
export interface DraftedApp {
  readonly declarations: ModelDeclarations
  readonly findings: readonly Finding[]
  /** What a part of the model was made of, so that a refusal of it can be told apart. */
  sourceOf(entity: string, part: readonly (string | number)[], code: string): readonly string[]
}

/** Drafts an app. Policies let one role read and nobody write: whoever knows says more. */
export function draftApp(found: FoundDatabase, options: ImportOptions, refused: Refusals): DraftedApp {
  const survey = surveyTables(found, options, refused)
  const { links, findings } = readLinks(survey.tables, refused)
  const names = nameParts(survey.tables, links, refused)
  const entities = survey.tables.map((table) => draftEntity(table, { names, links, refused }))
  const declared = entities.map(({ declaration }) => declaration)
  return {
    declarations: {
      entities: declared,
      policies: declared.map(({ name }) =>
        declare<PolicyDeclaration>('policy', { of: name, rules: firstRules, at: null }),
      ),
      roles: declare<RolesDeclaration>('roles', { roles: firstRoles, at: null }),
      actor: null,
      formulas: [],
      shared: sharedTypes(),
      texts: new Map(),
    },
    findings: [
      ...survey.findings,
      ...findings,
      ...entities.flatMap((each) => each.findings),
      ...found.others.map(({ kind, name }) => finding('OBJECT', name, kind)),
    ],
    sourceOf(entity, part, code) {
      const table = survey.tables.find((each) => names.entities.get(each)!.name === entity)
      if (table === undefined) return []
      const isName = code === 'NAME_CLASH' || code === 'NAME_RESERVED' || code === 'NAME_INVALID'
      const [kind, name, option] = part
      const member = table.columns.find(({ at }) => names.members.get(at) === name)
      if (kind === 'fields' && member !== undefined) {
        if (isName) return [`name:${member.at}:${name}`]
        if (option === 'default') return [`default:${member.at}`]
        if (option === 'min' || option === 'max' || option === 'values') {
          const checks = table.table.constraints.filter(
            (each) => each.kind === 'c' && each.columns.includes(member.column.name),
          )
          if (checks.length > 0) return checks.map((each) => `check:${table.at}.${each.name}`)
        }
        return [`column:${member.at}`]
      }
      if (kind === 'relations') {
        const link = links.find(({ from, column }) => from === table && column.at === member?.at)
        if (link !== undefined) {
          if (isName) return [`name:${link.column.at}:${name}`]
          return [`link:${table.at}.${link.constraint.name}`]
        }
        const back = links.find((each) => each.to === table && names.inverses.get(each) === name)
        if (back !== undefined) {
          const key = `${back.from.at}.${back.constraint.name}`
          return [isName ? `name:inverse:${key}:${name}` : `link:${key}`]
        }
        const way = names.throughs.find((each) => each.back.to === table && each.name === name)
        const key = `through:${way?.back.from.at}.${way?.back.constraint.name}`
        if (way !== undefined) return [isName ? `name:${key}:${name}` : `way:${key}`]
      }
      if (kind === 'key' && table.key.length > 0 && code === 'ENTITY_KEY_INVALID' && typeof name === 'number')
        return [`name:${table.at}.${table.key[name]}:${names.members.get(`${table.at}.${table.key[name]}`)}`]
      if (isName && (part.length === 0 || kind === 'plural')) return [`name:${table.at}:${entity}`]
      return [`table:${table.at}`]
    },
  }
}

/** The one role that there is to begin with. */
const firstRole = 'admin'
const firstRoles = { [firstRole]: 'Reads everything, until policies say more.' }
const firstRules = { 'admins read all rows, and nobody writes': { allow: firstRole, to: 'read' } }
