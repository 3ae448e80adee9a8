import { type Command, InvalidArgumentError } from 'commander'
import type { ClientBase } from 'pg'
import { canonicalJson, didYouMean, OperatorError } from '#base'
import { ensureRoleSets, roleSetName } from '#migrations'
import { type Entity, isReadOnly, type Model, verbsOf } from '#schema'
import { readSettings } from '#server'
import { loadApp } from '../app/load-app.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/open-database.ts'
import { requireTables } from '../database/require-tables.ts'
import { withClient } from '../database/with-client.ts'
import { examples } from '../examples.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine } from '../inspect/diagrams/plain-text.ts'
import { unknownName } from '../inspect/inspection.ts'
import type { Session } from '../session.ts'
import { thirdPerson } from './test/question.ts'
import { askWhy, type WhyAnswer, type WhyQuestion } from './why/ask-why.ts'
import { type FoundCaller, findCaller, type WhereToLook } from './why/find-caller.ts'
import { givenClaims, givenFields, givenRequest } from './why/given-values.ts'
import { readTenants } from './why/tenants.ts'
import { disagree, whyJson, whyText } from './why/why-text.ts'
import { policyWords } from './words.ts'

const notes = `
Postgres is asked as that person, in a transaction that is taken back; the rules are weighed over the rows that they look at. It is a tool
for whoever runs the database: it tells what the person may not see. Nothing is changed, but a role set that was never used is made.

--as is a name of "people" in "rowhouse.config.ts", a person by id, unique field or name, roles with commas between them, signedIn or
visitor. Of a person of "people" the roles and claims are those of the token.

Environment:
  ROWHOUSE_MIGRATE_URL  the migrator's login. Without it and DATABASE_URL, the embedded Postgres
`

/** `rowhouse policy why`: which rules held of a person and a row, and which clause failed. */
export function addPolicyWhy(policy: Command, session: Session): void {
  policy
    .command('why')
    .description('say which rules let somebody do something with a row, and which clause fails')
    .argument('<words...>', 'the row (Order:<id>; for create Order), and the folder of the app')
    .requiredOption('--as <who>', 'a person, or roles')
    .requiredOption('--verb <verb>', 'read, create, update, remove, restore, delete, or one of the entity')
    .option('--tenant <tenant>', 'slug, id or name of the tenant where it is asked')
    .option('--roles <roles>', 'roles of the person')
    .option('--claim <name=value>', 'a claim of the token; may be said again', collected, [])
    .option('--request <name=value>', 'mfa, ip or signedInFor (seconds); may be said again', collected, [])
    .option('--set <field=value>', 'what an update or a new row is given; may be said again', collected, [])
    .option('--values', 'tell the values that were compared')
    .option('--rows <number>', 'how many rows the rules may look at', wholeNumber, 20_000)
    .option('--json', 'print a document for programs')
    .addHelpText(
      'after',
      notes +
        examples(
          'rowhouse policy why Order:0190… examples/invoicing --as sam --verb read --values',
          'rowhouse policy why Order:0190… --as sales --verb update --set notes=hi --tenant acme',
          'rowhouse policy why Order --as sam@example.com --roles sales --verb create --set customer=0190…',
        ),
    )
    .action((words: readonly string[], options: WhyOptions) => why(words, options, session))
}

interface WhyOptions {
  readonly as: string
  readonly verb: string
  readonly tenant?: string
  readonly roles?: string
  readonly claim: readonly string[]
  readonly request: readonly string[]
  readonly set: readonly string[]
  readonly values?: boolean
  readonly rows: number
  readonly json?: boolean
}

function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It is a whole number above 0.')
  return Number(text)
}

async function why(words: readonly string[], options: WhyOptions, session: Session): Promise<void> {
  const row = words.find((word) => /^\w+:./.test(word))
  const { folder, names } = policyWords(words.filter((word) => word !== row))
  const { model, folder: home } = await loadApp(folder, session)
  const asked = askedRow(row, names, { model, verb: options.verb })
  const values = givenFields(options.set, { ...asked, model })
  const who = {
    as: options.as,
    tenant: options.tenant ?? null,
    roles:
      options.roles === undefined
        ? null
        : options.roles
            .split(',')
            .map((each) => each.trim())
            .filter((each) => each !== ''),
    claims: givenClaims(options.claim, model),
    request: givenRequest(options.request),
  }
  const settings = await readSettings({ folder: home, purpose: 'policy', environment: session.environment })
  const database = await openDatabase(model.app, settings, true)
  try {
    await requireTables(database, 'ask')
    const { question, answer } = await withClient(database.migrateUrl, (client) =>
      inSnapshot(client, async (begin) => {
        const tenants = await readTenants(client, database.names)
        const look: WhereToLook = { client, model, names: database.names, people: settings.people, tenants }
        const caller = await findCaller(who, look)
        await begin(() => haveRoleSet(client, caller, database))
        const question: WhyQuestion = { ...asked, values, who: caller }
        return { question, answer: await askWhy(question, { ...look, bound: options.rows }) }
      }),
    )
    tell(question, answer, { model, options, session })
  } finally {
    await database.close()
  }
}

interface Telling {
  readonly model: Model
  readonly options: WhyOptions
  readonly session: Session
}

function tell(question: WhyQuestion, answer: WhyAnswer, { model, options, session }: Telling): void {
  const telling = { model, values: options.values === true, bound: options.rows }
  const text = options.json
    ? canonicalJson(whyJson(question, answer, telling)).trimEnd()
    : whyText(question, answer, telling).split('\n').map(plainLine).join('\n')
  session.terminal.print(text)
  if (disagree(answer)) session.exitCode = exitCodes.bug
}

/** The entity and the key, and the verb as the entity has it. */
function askedRow(
  row: string | undefined,
  names: readonly string[],
  { model, verb }: { readonly model: Model; readonly verb: string },
): Pick<WhyQuestion, 'entity' | 'id' | 'verb'> {
  const [name = '', ...more] = row === undefined ? names : [row.slice(0, row.indexOf(':')), ...names]
  const known = model.entities.map((each) => each.name)
  const entity = model.entities.find((each) => each.name === name)
  if (name === '' || more.length > 0) throw unaskable('Name one row.', 'Write Order:<id>; for a new row Order.')
  if (entity === undefined) throw unknownName(name, known, 'entity')
  const verbs = verbsOf(entity)
  if (!verbs.includes(verb)) throw unknownVerb(verb, entity)
  if (isReadOnly(entity))
    throw unaskable(
      `Rows of "${name}" follow from a select and cannot be asked about.`,
      'Ask about the rows below them.',
    )
  const id = row === undefined ? null : row.slice(row.indexOf(':') + 1)
  if (verb === 'create' && id !== null)
    throw unaskable('A new row has no key yet.', `Write ${name}, and --set for its values.`)
  if (verb !== 'create' && id === null) throw unaskable(`It is not said which ${name}.`, `Write ${name}:<id>.`)
  if (entity.key.length > 1) {
    const columns = entity.key.join(', ')
    const message = `A row of "${name}" cannot be asked about: its key has several columns (${columns}).`
    throw unaskable(message, 'Ask about a row with a key of one column.')
  }
  return { entity, id, verb }
}

/** Also what people say of somebody else: `reads`. */
function unknownVerb(verb: string, entity: Entity): OperatorError {
  const verbs = verbsOf(entity)
  const near = verbs.find((each) => thirdPerson(each) === verb) ?? didYouMean(verb, verbs)
  const meant = near === null ? '' : ` Did you mean "${near}"?`
  const message = `"${entity.name}" has no verb "${verb}".${meant}`
  return new OperatorError('INSPECT_NAME_UNKNOWN', message, `Known are ${verbs.join(', ')}.`)
}

function unaskable(message: string, hint: string): OperatorError {
  return new OperatorError('POLICY_UNASKABLE', message, hint)
}

/** Everything sees the same rows, nothing waits for long, and all is taken back; `begin` does something outside, then begins again. */
async function inSnapshot<T>(
  client: ClientBase,
  work: (begin: (outside: () => Promise<void>) => Promise<void>) => Promise<T>,
): Promise<T> {
  const begin = async (): Promise<void> => {
    await client.query('begin isolation level repeatable read')
    await client.query("set local lock_timeout = '5s'; set local statement_timeout = '60s'")
  }
  await begin()
  try {
    return await work(async (outside) => {
      await client.query('rollback')
      await outside()
      await begin()
    })
  } finally {
    await client.query('rollback')
  }
}

/** The same as a server does at somebody's first request. */
async function haveRoleSet(client: ClientBase, { caller }: FoundCaller, { names }: Database): Promise<void> {
  if (caller.roles === null) return
  const { rows } = await client.query('select from pg_catalog.pg_roles where rolname = $1', [
    roleSetName(names.prefix, caller.roles),
  ])
  if (rows.length === 0) await ensureRoleSets(client, names, [caller.roles])
}
