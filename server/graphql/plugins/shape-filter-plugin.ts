import { type PgCodec, PgCondition, TYPES } from '@dataplan/pg'
import { type SQL, sql } from 'pg-sql2'
import { RequestError } from '#base'
import type { FieldType } from '#schema'
import { entityResources } from '../model-of-build.ts'
import { base64Codec, shapesOfBuild, structureOf } from '../structure-codec.ts'
import 'postgraphile'
import 'postgraphile-plugin-connection-filter'

type Shape = Extract<FieldType, { kind: 'shape' }>
type List = Extract<FieldType, { kind: 'list' }>

/** A condition that is being made. */
interface Where {
  readonly alias: SQL
  readonly extensions: Record<string, unknown>
  where(condition: SQL): void
}

interface Digests {
  readonly connectionFilterOperatorsDigest: (codec: PgCodec) => { readonly operatorsTypeName: string } | null
}

const valueKey = 'rowhouseJson'

/**
 * Filters of typed JSON: a shape by its parts, each with the operators of its type, at any depth; a list of shapes by `some`, `every` and `none` of its elements.
 * Nothing of it comes from an index: what is looked up often is a field of its own.
 */
export const ShapeFilterPlugin: GraphileConfig.Plugin = {
  name: 'ShapeFilterPlugin',
  version: '1.0.0',
  after: ['StructuresPlugin', 'PgConnectionArgFilterAttributesPlugin'],
  schema: {
    hooks: {
      init(_, build) {
        for (const shape of shapesOfBuild(build, entityResources(build)).values()) register(build, shape)
        return _
      },
      GraphQLInputObjectType_fields(fields, build, context) {
        const { isPgConnectionFilter, pgCodec } = context.scope as FilterScope
        if (isPgConnectionFilter !== true || pgCodec?.attributes === undefined) return fields
        const added: Record<string, object> = {}
        for (const [attributeName, { codec }] of Object.entries(pgCodec.attributes)) {
          const type = structureOf(codec as unknown as PgCodec)
          const isShown = build.behavior.pgCodecAttributeMatches([pgCodec as never, attributeName], 'attribute:select')
          const filter = type === null ? null : filterName(type as FieldType)
          if (filter === null || !isShown) continue
          const fieldName = build.inflection.attribute({ codec: pgCodec as never, attributeName })
          added[fieldName] = {
            description: `Filter by the object’s \`${fieldName}\` field.`,
            type: build.getTypeByName(filter),
            apply: ($where: Where, value: unknown) =>
              inside($where, sql`${$where.alias}.${sql.identifier(attributeName)}`, value),
          }
        }
        return build.extend(fields, added as never, 'ShapeFilterPlugin')
      },
    },
  },
}

interface FilterScope {
  readonly isPgConnectionFilter?: boolean
  readonly pgCodec?: PgCodec
}

/** `PlaceShapeFilter` of a shape, `PlaceShapeListFilter` of a list of shapes; null for other types. */
function filterName(type: FieldType): string | null {
  if (type.kind === 'shape') return `${type.name}ShapeFilter`
  return type.kind === 'list' && type.of.kind === 'shape' ? `${type.of.name}ShapeListFilter` : null
}

/** A condition on the JSON value that an expression gives. */
function inside($where: Where, json: SQL, given: unknown): Where {
  notNull(given)
  const condition = new PgCondition($where as never) as unknown as Where
  condition.extensions[valueKey] = json
  return condition
}

function jsonOf($where: Where): SQL {
  return $where.extensions[valueKey] as SQL
}

function notNull(value: unknown): void {
  if (value === null) throw new RequestError('VALIDATION', 'A filter may not compare with null; use "isNull".')
}

function register(build: GraphileBuild.Build, shape: Shape): void {
  const description = `What holds of a \`${shape.name}\`. Keys side by side mean and.`
  const fields = () => ({
    isNull: isNull(build),
    ...Object.fromEntries(
      shape.parts.map(({ name, type }) => [name, partField(build, name, type)]).filter(([, field]) => field !== null),
    ),
  })
  build.registerInputObjectType(filterName(shape)!, {}, (() => ({ description, fields })) as never, 'ShapeFilterPlugin')
  const list = { kind: 'list', of: shape } as List
  const listed = () => ({
    description: `What holds of many \`${shape.name}\`. Keys side by side mean and.`,
    fields: () => ({ isNull: isNull(build), ...quantifiers(build, shape) }),
  })
  build.registerInputObjectType(filterName(list)!, {}, listed as never, 'ShapeFilterPlugin')
}

function isNull(build: GraphileBuild.Build): object {
  return {
    description: 'Is null (if `true` is specified) or is not null (if `false` is specified).',
    type: build.graphql.GraphQLBoolean,
    apply: ($where: Where, value: unknown) => {
      notNull(value)
      $where.where(value === true ? sql`${jsonOf($where)} is null` : sql`${jsonOf($where)} is not null`)
    },
  }
}

/** A part that is missing and one that is null are the same. */
function partOf(json: SQL, name: string): SQL {
  return sql`nullif(${json} -> ${sql.literal(name)}, 'null'::jsonb)`
}

function partField(build: GraphileBuild.Build, name: string, type: FieldType): object | null {
  const nested = filterName(type)
  if (nested !== null)
    return {
      type: build.getTypeByName(nested),
      apply: ($where: Where, value: unknown) => inside($where, partOf(jsonOf($where), name), value),
    }
  const scalar = scalarOf(build, type)
  if (scalar === null) return null
  const operators = (build as unknown as Digests).connectionFilterOperatorsDigest(scalar.codec)?.operatorsTypeName
  const operatorsType = operators === undefined ? undefined : build.getTypeByName(operators)
  if (operatorsType == null) return null
  return {
    type: operatorsType,
    apply: ($where: Where, value: unknown) => {
      notNull(value)
      const condition = new PgCondition($where as never) as unknown as Where
      const expression = scalar.read(partOf(jsonOf($where), name))
      condition.extensions.pgFilterAttribute = { fieldName: name, codec: scalar.codec, expression }
      return condition
    },
  }
}

interface Scalar {
  readonly codec: PgCodec
  /** The value that a JSON value stands for. */
  readonly read: (json: SQL) => SQL
}

/** How a part is read out of JSON; null for what no filter is about: lists. */
function scalarOf(build: GraphileBuild.Build, type: FieldType): Scalar | null {
  if (type.kind === 'dict') return { codec: TYPES.jsonb as unknown as PgCodec, read: (json) => json }
  const codec = type.kind === 'choice' ? registered(build, type.enum) : (scalars[type.kind] ?? null)
  if (codec === null) return null
  // Its text, whatever it is in JSON.
  const text = (json: SQL) => sql`(${json} #>> '{}')`
  if (codec === base64Codec) return { codec, read: (json) => sql`decode(${text(json)}, 'base64')` }
  return { codec, read: (json) => sql`${text(json)}::${codec.sqlType}` }
}

const scalars: Readonly<Record<string, PgCodec>> = {
  text: TYPES.text,
  int: TYPES.int,
  duration: TYPES.int,
  int64: TYPES.bigint,
  float: TYPES.float,
  decimal: TYPES.numeric,
  money: TYPES.numeric,
  boolean: TYPES.boolean,
  datetime: TYPES.timestamptz,
  date: TYPES.date,
  time: TYPES.time,
  uuid: TYPES.uuid,
  base64: base64Codec,
} as unknown as Readonly<Record<string, PgCodec>>

function registered(build: GraphileBuild.Build, name: string): PgCodec | null {
  return ((build.input.pgRegistry.pgCodecs as Readonly<Record<string, unknown>>)[name] as PgCodec | undefined) ?? null
}

const words = {
  some: 'Some element matches. Of an empty or missing list none does.',
  every: 'Every element matches. Of an empty or missing list each does.',
  none: 'No element matches. Of an empty or missing list none does.',
} as const

function quantifiers(build: GraphileBuild.Build, shape: Shape): Record<string, object> {
  const type = build.getTypeByName(filterName(shape)!)
  const quantifier = (word: keyof typeof words) => ({
    type,
    description: words[word],
    apply: ($where: Where, value: unknown) => {
      notNull(value)
      return quantified($where, word)
    },
  })
  return { some: quantifier('some'), every: quantifier('every'), none: quantifier('none') }
}

/** Whatever is said of the element is kept, and becomes one test of the list. */
function quantified($where: Where, word: keyof typeof words): Where {
  const json = jsonOf($where)
  const list = sql`case when jsonb_typeof(${json}) = 'array' then ${json} end`
  const element = sql.identifier(Symbol('element'))
  const tests: SQL[] = []
  const parent = {
    alias: $where.alias,
    where: (test: SQL) => {
      tests.push(test)
    },
  }
  const condition = new PgCondition(parent as never, { mode: 'AND' } as never) as unknown as Where & { apply(): void }
  condition.extensions[valueKey] = sql`${element}.value`
  const apply = condition.apply.bind(condition)
  condition.apply = () => {
    apply()
    const [test = sql`true`] = tests
    const isOther = word === 'every' ? sql`(${test}) is not true` : test
    const found = sql`exists(select from jsonb_array_elements(${list}) as ${element}(value) where ${isOther})`
    $where.where(word === 'some' ? found : sql`not ${found}`)
  }
  return condition
}
