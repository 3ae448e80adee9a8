import { loadOneWithPgClient, type PgCodec, type PgResource } from '@dataplan/pg'
import { type ExecutableStep, get } from 'grafast'
import { type SQL, sql } from 'pg-sql2'
import { quoteIdentifier } from '#base'
import { hasOptions, optionsName, transitionsOf } from '#migrations'
import { idColumnOf, indexModel } from '#policies'
import { builtInField, changedRow, type Entity, keyColumnsOf } from '#schema'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { outputType } from '../graphql-type.ts'
import { entitiesOf, entityResources } from '../model-of-build.ts'
import { fieldNames, guardWords, requiredWords } from '../mutations/transit-rows.ts'
import 'postgraphile'

type Build = GraphileBuild.Build
type Fields = Readonly<Record<string, unknown>>

const typeName = 'PossibleTransition'

/** `order { transitions { verb to allowed because } statusSince }`: where a row may go, and since when it is where it is. */
export const TransitionsPlugin: GraphileConfig.Plugin = {
  name: 'TransitionsPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      init(_, build) {
        const { entities } = build.input.rowhouseModel
        if (entities.some(({ lifecycle }) => lifecycle !== null))
          build.registerObjectType(typeName, {}, () => transitionSpec(build) as never, 'TransitionsPlugin')
        return _
      },
      GraphQLObjectType_fields(fields, build, { scope, fieldWithHooks }) {
        const { pgCodec, isPgClassType } = scope as { readonly pgCodec?: unknown; readonly isPgClassType?: boolean }
        const found = entityResources(build).find(({ resource }) => resource.codec === pgCodec)
        if (isPgClassType !== true || found === undefined) return fields
        if (!hasOptions(found.entity, indexModel(build.input.rowhouseModel))) return fields
        const added = Object.entries(lifecycleFields(build, found)).map(([fieldName, field]) => [
          fieldName,
          fieldWithHooks({ fieldName }, () => field as never),
        ])
        return build.extend(fields, Object.fromEntries(added), 'TransitionsPlugin')
      },
    },
  },
}

function transitionSpec(build: Build): object {
  const { GraphQLNonNull, GraphQLString, GraphQLBoolean } = build.graphql
  const text = new GraphQLNonNull(GraphQLString)
  const of = (name: string) => ($option: ExecutableStep) => get($option as never, name as never)
  return {
    assertStep: null,
    description: 'A transition that leads away from the state of a row.',
    fields: () => ({
      verb: { type: text, description: 'Its name.', plan: of('verb') },
      to: { type: text, description: 'The state that it leads to.', plan: of('to') },
      allowed: {
        type: new GraphQLNonNull(GraphQLBoolean),
        description: 'Whether the caller may do it now.',
        plan: of('allowed'),
      },
      because: {
        type: GraphQLString,
        description: 'Why not, as far as the caller may know; null also where no rule speaks of the caller.',
        plan: of('because'),
      },
    }),
  }
}

interface Found {
  readonly entity: Entity
  readonly resource: PgResource
}

/** A row as plans have it. */
interface RowStep {
  get(column: string): ExecutableStep
  select(fragment: SQL, codec: PgCodec): ExecutableStep
  getClassStep(): { readonly alias: SQL }
}

function lifecycleFields(build: Build, { entity, resource }: Found): Fields {
  const { GraphQLNonNull, GraphQLList } = build.graphql
  const [key] = keyColumnsOf(entity, entitiesOf(build))
  const option = new GraphQLNonNull(build.getOutputTypeByName(typeName) as never)
  const load = async (client: RequestClient, keys: readonly unknown[]) => await loadOptions(client, entity, keys)
  return {
    transitions: {
      type: new GraphQLNonNull(new GraphQLList(option)),
      description: 'The transitions that lead away from the state of the row.',
      plan: ($row: RowStep) =>
        loadOneWithPgClient(resource.executor as never, $row.get(key!.column) as never, load as never),
    },
    statusSince: {
      type: outputType(build, { kind: 'datetime' }),
      description: 'When the row came to its state.',
      plan: sincePlan(build, entity),
    },
  }
}

/** One statement for all rows of a list. */
async function loadOptions(client: RequestClient, entity: Entity, keys: readonly unknown[]) {
  const text = `select rowhouse_private.${quoteIdentifier(optionsName(entity))}($1) as options`
  const { rows } = await client.query<{ options: string }>({ text, values: [keys.map(String)] })
  const found = JSON.parse(rows[0]?.options ?? '{}') as Readonly<Record<string, readonly FoundOption[]>>
  return keys.map((key) => (found[String(key)] ?? []).map((each) => toldOption(entity, each)))
}

/** As Postgres says it: `allowed`, or what stands in the way. */
interface FoundOption {
  readonly verb: string
  readonly allowed?: boolean
  readonly title?: string
  readonly because?: string | null
  readonly when?: readonly string[]
  readonly requires?: readonly string[]
}

function toldOption(entity: Entity, { verb, allowed = false, title, because, when, requires }: FoundOption) {
  const { to } = entity.lifecycle!.transitions.find(({ name }) => name === verb)!
  const state = entity.lifecycle!.states.find(({ value }) => value === to)!.graphql
  const denied = title === undefined ? null : (because ?? `A rule forbids this: ${title}.`)
  const unmet = when === undefined ? null : guardWords(verb, fieldNames(entity, when))
  const missing = requires === undefined ? null : requiredWords(verb, fieldNames(entity, requires))
  return { verb, to: state, allowed, because: denied ?? unmet ?? missing }
}

/** The last transition; of a row that never took one, when it was made. */
function sincePlan(build: Build, entity: Entity) {
  const index = indexModel(build.input.rowhouseModel)
  const log = transitionsOf(entity, index)!
  const codec = entityResources(build).find((each) => each.entity.name === log.name)!.resource.codec as {
    readonly attributes: Readonly<Record<string, { readonly codec: PgCodec }>>
  }
  const made = builtInField(entity, 'createdAt')?.column
  const link = sql.identifier(changedRow(log)!.column)
  const from = sql`${sql.identifier(log.schema, log.table)} t`
  return ($row: RowStep) => {
    const { alias } = $row.getClassStep()
    const key = sql`${alias}.${sql.identifier(idColumnOf(entity, index).column)}`
    const last = sql`(select t."at" from ${from} where t.${link} = ${key} order by t."step" desc limit 1)`
    const start = made === undefined ? sql`null` : sql`${alias}.${sql.identifier(made)}`
    return $row.select(sql`coalesce(${last}, ${start})`, codec.attributes.at!.codec)
  }
}
