import { type Effect, type Finding, findingKinds } from '#migrations'
import type { Model } from '#schema'
import { codeText, shownText } from '../output/shown-text.ts'

/** What `IMPORT.md` tells. */
export interface ImportReport {
  readonly model: Model
  readonly findings: readonly Finding[]
  /** Where it came from, without a password. */
  readonly from: string
  /** As the next commands name it. */
  readonly folder: string
}

const headings: Readonly<Record<Effect, string>> = {
  'in the way': 'In the way: to settle before `rowhouse migrate` takes the tables over',
  'left out': 'Left out: the app does without it',
  kept: 'Kept by Postgres: true as before, and unsaid by the entities',
  assumed: 'Assumed: said, and to be looked at',
}
const order = ['in the way', 'left out', 'assumed', 'kept'] as const

/** The text of `IMPORT.md`. */
export function printImportReport(report: ImportReport): string {
  const { model, from, findings } = report
  const tables = model.entities.length
  const parts = [
    '# Import',
    `From ${codeText(from)}: ${tables} ${tables === 1 ? 'table is an entity' : 'tables are entities'} in \`schema/\`. Delete this file when nothing in it is left to do.`,
    '## What next',
    nextSteps(report),
    findings.length === 0
      ? 'The entities say everything that is in the database.'
      : 'Below is everything that the entities do not say, or say with an assumption.',
    ...order.flatMap((effect) => section(effect, findings)),
  ]
  return `${parts.join('\n\n')}\n`
}

function nextSteps({ model, folder }: ImportReport): string {
  const isShared = model.entities.some(({ tenancy }) => tenancy === 'none')
  const steps = [
    `Read the entities, rename what reads badly (\`column\` keeps the name of the column), and run \`rowhouse check ${folder}\`.`,
    ...(isShared
      ? [
          '`tenant: false` says that all tenants share the rows. Where a column says whose a row is, import again with `--tenant-column`, or write `tenant: { column: … }`.',
        ]
      : []),
    'Policies: one role, `admin`, reads all rows, and nobody writes. Say in `policies/` who may do what, and name your own roles in `policies/roles.ts`.',
    'There is no `policies/actor.ts` yet: choose the entity whose rows are the people who sign in (it needs an `id` that is a uuid; a new one may be made beside the tables), and write `export const actor = defineActor(…, {})`.',
    `\`rowhouse migrate ${folder} --write-first\` writes the migration that adds row security to the tables. It changes their owner: try it on a copy of the database.`,
  ]
  return steps.map((step, at) => `${at + 1}. ${step}`).join('\n')
}

function section(effect: Effect, findings: readonly Finding[]): readonly string[] {
  const own = findings.filter(({ code }) => findingKinds[code].effect === effect)
  if (own.length === 0) return []
  const codes = [...new Set(own.map(({ code }) => code))]
  return [
    `## ${headings[effect]}`,
    ...codes.flatMap((code) => [
      `### ${code}`,
      findingKinds[code].why,
      own
        .filter((each) => each.code === code)
        .map(line)
        .join('\n'),
    ]),
  ]
}

function line({ object, what, hint }: Finding): string {
  return `- ${codeText(object)}: ${codeText(what)}${hint === null ? '' : ` — ${escaped(hint)}`}`
}

/** Words of ours around names of theirs: nothing in it is markup. */
function escaped(hint: string): string {
  return shownText(hint, 600).replaceAll(/[<>[\]`*_|\\#]/g, (char) => `\\${char}`)
}

/** The same in lines for the terminal, which shows the code of each. */
export function importLines(findings: readonly Finding[]): string {
  const width = Math.max(0, ...findings.map(({ code }) => code.length))
  return order
    .flatMap((effect) => {
      const own = findings.filter(({ code }) => findingKinds[code].effect === effect)
      if (own.length === 0) return []
      const lines = own.map(
        ({ code, object, what }) => `  ${code.padEnd(width)}  ${shownText(object)}: ${shownText(what, 120)}`,
      )
      return [`${headings[effect].replaceAll('`', '"')}`, ...lines]
    })
    .join('\n')
}
