import type { ModelDeclarations } from '#policies'
import { declare, type PolicyDeclaration, type RolesDeclaration, sharedTypes } from '#schema'
import { draftEntity } from './draft-entity.ts'
import { nameParts } from './draft-names.ts'
import { type Finding, finding } from './finding.ts'
import type { FoundDatabase } from './found-database.ts'
import { readLinks } from './links.ts'
import { type DraftedPart, sourceOfPart } from './source-of-part.ts'
import { type ImportOptions, type Refusals, surveyTables } from './survey.ts'

/** The calls of an app over the tables of a database, and what they do not say. */
export interface DraftedApp {
  readonly declarations: ModelDeclarations
  readonly findings: readonly Finding[]
  /** What a part of the model was made of, so that a refusal of it can be told apart. */
  sourceOf(part: DraftedPart): readonly string[]
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
      actions: null,
      actor: null,
      formulas: [],
      subscribers: [],
      shared: sharedTypes(),
      texts: new Map(),
    },
    findings: [
      ...survey.findings,
      ...findings,
      ...entities.flatMap((each) => each.findings),
      ...found.others.map(({ kind, name }) => finding('OBJECT', name, kind)),
    ],
    sourceOf: (part) => sourceOfPart({ tables: survey.tables, links, names }, part),
  }
}

/** The one role that there is to begin with. */
const firstRole = 'admin'
const firstRoles = { [firstRole]: 'Reads everything, until policies say more.' }
const firstRules = { 'admins read all rows, and nobody writes': { allow: firstRole, to: 'read' } }
