import {
  makePgResourceOptions,
  makeRegistryBuilder,
  type PgCodec,
  type PgExecutor,
  type PgRegistry,
  recordCodec,
} from '@dataplan/pg'
import { context, object } from 'grafast'
import { sql } from 'pg-sql2'
import { Bug, upperFirst } from '#base'
import {
  columnFields,
  type Entity,
  type EntityMap,
  everyAction,
  type HasOne,
  isSetName,
  keyColumnsOf,
  leavesOf,
  linkColumnOf,
  type Model,
  type Relation,
  type Shown,
  secretsOf,
  type Through,
  type ToMany,
  type ToOne,
  toOnesOf,
} from '#schema'
import { idFieldName, positionFieldName, shownFields } from './api-names.ts'
import { computedColumn, rowSource } from './computed-columns.ts'
import { FencedExecutor } from './fenced-executor.ts'
import { FieldCodecs } from './field-codec.ts'
import { type HiddenFields, hiddenFields } from './hidden-fields.ts'
import { seenModel } from './seen-model.ts'

/** Name of the one database service; `pgRegistry` and the context refer to it. */
const serviceName = 'main'

type Resource = ReturnType<typeof makePgResourceOptions>
type Builder = ReturnType<typeof makeRegistryBuilder>

/**
 * What PostGraphile would learn from Postgres, made from the model instead: no connection, no introspection. Columns
 * that no caller may see (`tenant_id`, `deleted_at`) are simply not there.
 */
export function buildRegistry(declared: Model): PgRegistry {
  const model = seenModel(declared)
  const executor = makeExecutor()
  const codecs = new FieldCodecs()
  const builder = makeRegistryBuilder()
  builder.addExecutor(executor)
  const resources = new Map<string, Resource>()
  const entities: EntityMap = new Map(model.entities.map((entity) => [entity.name, entity]))
  for (const entity of model.entities) {
    const resource = entityResource(entity, oneToOneColumns(model, entity), { executor, codecs, entities, model })
    resources.set(entity.name, resource)
    builder.addResource(resource)
  }
  // Types of what actions take and answer.
  for (const { action } of everyAction(model)) {
    const { input, output } = action
    for (const { type } of [...input, ...(output?.kind === 'values' ? output.fields : [])])
      if (type.kind !== 'embed') codecs.of(type)
  }
  for (const codec of codecs.all) builder.addCodec(codec)
  const relations = new RelationWriter(model, builder, resources)
  for (const entity of model.entities) for (const relation of entity.relations) relations.add(entity, relation)
  return builder.build() as unknown as PgRegistry
}

function makeExecutor(): PgExecutor {
  return new FencedExecutor({
    name: serviceName,
    context: () => {
      const $context = context()
      return object({
        pgSettings: $context.get('pgSettings' as never),
        withPgClient: $context.get('withPgClient' as never),
      }) as never
    },
  })
}

/** Columns by which a `hasOne` of another entity finds its row. */
function oneToOneColumns(model: Model, entity: Entity): readonly string[] {
  const relations = model.entities.flatMap((other) => other.relations)
  const links = relations.filter((relation) => relation.kind === 'hasOne' && relation.to === entity.name)
  return toOnesOf(entity)
    .filter((toOne) => links.some((link) => link.kind === 'hasOne' && link.by === toOne.name))
    .map((toOne) => toOne.column)
}

/** What all resources of a registry share. */
interface Shared {
  readonly executor: PgExecutor
  readonly codecs: FieldCodecs
  readonly entities: EntityMap
  readonly model: Model
}

function entityResource(
  entity: Entity,
  links: readonly string[],
  { executor, codecs, entities, model }: Shared,
): Resource {
  const from = rowSource(model, entity)
  const pg = { serviceName, schemaName: entity.schema, name: entity.table }
  const key = keyColumnsOf(entity, entities).map(({ column }) => column)
  const hiding = hiddenFields(model, entity)
  const spec = {
    // Entity names begin with a capital, so they never meet the names of built-in codecs.
    name: entity.name,
    executor,
    identifier: sql.identifier(entity.schema, entity.table),
    isAnonymous: false,
    description: entity.note ?? undefined,
    attributes: { ...attributes(entity, codecs, entities), ...flagAttributes(hiding, codecs) },
    extensions: { pg, isTableLike: true, tags: {}, rowhouseEntity: entity, rowhouseHidden: hiding ?? undefined },
  }
  const codec = recordCodec(spec as never)
  return makePgResourceOptions({
    executor,
    name: entity.name,
    identifier: `${serviceName}.${entity.schema}.${entity.table}`,
    from,
    codec,
    // The tenant leads the key; row security pins it, so the rest alone identifies a row that a caller can see.
    uniques: [
      { attributes: key, isPrimary: true, extensions: { tags: {} } },
      // With one row for each pair, no row behind a link is reached twice.
      ...(entity.link === null ? [] : [linkKey(entity)]),
      ...links.map((column) => ({ attributes: [column], isPrimary: false, extensions: { tags: { behavior: '-*' } } })),
    ],
    // Who asks for tags gets tags, never what links them.
    extensions: {
      pg,
      tags: entity.link === null ? deprecatedTag(entity) : { behavior: '-*' },
      canSelect: true,
    } as never,
  } as never) as unknown as Resource
}

/** Columns that say of a row which fields are shown; nobody sees them. */
function flagAttributes(hiding: HiddenFields | null, codecs: FieldCodecs): Record<string, unknown> {
  const flags = new Set(Object.values(hiding ?? {}).flat())
  const given = { notNull: true, note: null, deprecated: null }
  const made = (flag: string) => hidden(attribute(flag, codecs.of({ kind: 'boolean' }), given))
  return Object.fromEntries([...flags].map((flag) => [flag, made(flag)]))
}

function linkKey(entity: Entity) {
  const columns = toOnesOf(entity).map((relation) => relation.column)
  return { attributes: columns, isPrimary: false, extensions: { tags: { behavior: '-*' } } }
}

function attributes(entity: Entity, codecs: FieldCodecs, entities: EntityMap): Record<string, unknown> {
  const fields = shownFields(entity)
    .flatMap(leavesOf)
    .map((field) => [field.column, attribute(field.name, codecs.held(field), { ...field, notNull: !field.optional })])
  const ids = toOnesOf(entity).map((relation) => [
    relation.column,
    attribute(idFieldName(relation), codecs.held(linkColumnOf(relation, entities)), {
      ...relation,
      notNull: !relation.optional,
      note: null,
    }),
  ])
  if (entity.link !== null)
    return Object.fromEntries([...ids, ...fields].map(([name, each]) => [name, hidden(each as object)]))
  const places = toOnesOf(entity).flatMap((relation) =>
    relation.position === null ? [] : [[relation.position, place(relation, codecs)] as const],
  )
  const computed = entity.computed.map((field) => [
    computedColumn(field.name),
    secretTest(
      entity,
      field.name,
      attribute(field.name, codecs.of(field.type), { ...field, notNull: !field.optional }),
    ),
  ])
  // Ids of relations come before the built-in fields, which are last.
  const declared = columnFields(entity).filter((field) => !field.builtIn).length
  return Object.fromEntries([...fields.slice(0, declared), ...ids, ...places, ...computed, ...fields.slice(declared)])
}

function place(relation: ToOne, codecs: FieldCodecs) {
  const note = `Place among the rows of one ${relation.to}; only the order counts, there may be gaps.`
  return attribute(positionFieldName(relation), codecs.of({ kind: 'int', min: null, max: null }), {
    notNull: true,
    note,
    deprecated: null,
  })
}

const notOrdered = [
  '-attribute:orderBy',
  '-attribute:groupBy',
  '-attribute:aggregate',
  '-attribute:aggregate:filterBy',
  '-attribute:aggregate:orderBy',
]

/** Whether a secret is there is read and filtered by; nothing is ordered, grouped or counted by it. */
function secretTest(entity: Entity, name: string, given: ReturnType<typeof attribute>) {
  if (!secretsOf(entity).some((secret) => isSetName(secret.name) === name)) return given
  return { ...given, extensions: { ...given.extensions, tags: { ...given.extensions.tags, behavior: notOrdered } } }
}

function hidden(given: object) {
  return { ...given, extensions: { tags: { behavior: '-*' }, canSelect: true } }
}

/** PostGraphile reads the reason from here. */
function deprecatedTag({ deprecated }: Pick<Shown, 'deprecated'>): Record<string, string> {
  return deprecated === null ? {} : { deprecated }
}

function attribute(
  fieldName: string,
  codec: PgCodec,
  given: Pick<Shown, 'note' | 'deprecated'> & { notNull: boolean },
) {
  return {
    codec,
    notNull: given.notNull,
    description: given.note ?? undefined,
    extensions: { tags: { ...tagsOf(fieldName), ...deprecatedTag(given) }, canSelect: true },
  }
}

/** A part of a value object (`delivery.city`) is read and filtered inside of it, but ordered and grouped by as `deliveryCity`. */
function tagsOf(path: string): object {
  const [first, ...rest] = path.split('.')
  if (rest.length === 0) return { name: path }
  return { name: [first, ...rest.map(upperFirst)].join(''), behavior: ['-attribute:select', '-attribute:filterBy'] }
}

/** Adds relations under the names that they have in the model. */
class RelationWriter {
  readonly #entities: EntityMap
  readonly #builder: Builder
  readonly #resources: ReadonlyMap<string, Resource>

  constructor(model: Model, builder: Builder, resources: ReadonlyMap<string, Resource>) {
    this.#entities = new Map(model.entities.map((entity) => [entity.name, entity]))
    this.#builder = builder
    this.#resources = resources
  }

  add(entity: Entity, relation: Relation): void {
    // Its to-ones are relations already; `one-of-plugin.ts` makes one field of them.
    if (relation.kind === 'oneOf') return
    // `lineage-plugin.ts` makes connections of them.
    if (relation.kind === 'lineage') return
    if (relation.kind === 'one') this.#forward(entity, relation)
    else this.#backward(entity, relation)
  }

  #forward(entity: Entity, relation: ToOne): void {
    this.#write(entity, relation.to, relation, {
      localAttributes: [relation.column],
      remoteAttributes: this.#key(relation.to),
      isUnique: true,
      isReferencee: false,
    })
  }

  /** A `through` is only the hop to the rows in between, hidden itself; `model-behavior-plugin.ts` shows the whole way. */
  #backward(entity: Entity, relation: HasOne | ToMany | Through): void {
    const to = relation.kind === 'through' ? relation.through : relation.to
    const by = relation.kind === 'through' ? relation.from : relation.by
    this.#write(entity, to, relation, {
      localAttributes: this.#key(entity.name),
      remoteAttributes: [this.#toOne(to, by).column],
      isUnique: relation.kind === 'hasOne',
      isReferencee: true,
    })
  }

  #write(entity: Entity, to: string, relation: Relation, columns: object): void {
    const local = this.#resource(entity.name)
    this.#builder.addRelation(
      local.codec as never,
      relation.name,
      this.#resource(to) as never,
      {
        ...columns,
        description: relation.note ?? wholeNote(relation),
        extensions: { tags: deprecatedTag(relation), rowhouseRelation: relation },
      } as never,
    )
  }

  /** Column that other rows refer to. */
  #key(entityName: string): readonly string[] {
    const entity = this.#entities.get(entityName)
    if (entity === undefined) throw new Bug(`There is no entity "${entityName}".`)
    return keyColumnsOf(entity, this.#entities).map(({ column }) => column)
  }

  #toOne(entityName: string, name: string): ToOne {
    const entity = this.#entities.get(entityName)
    const relation = entity === undefined ? undefined : toOnesOf(entity).find((candidate) => candidate.name === name)
    if (relation === undefined) throw new Bug(`"${entityName}" has no to-one relation "${name}".`)
    return relation
  }

  #resource(entity: string): Resource {
    const resource = this.#resources.get(entity)
    if (resource === undefined) throw new Bug(`There is no entity "${entity}".`)
    return resource
  }
}

function wholeNote(relation: Relation): string | undefined {
  return relation.kind === 'one' && relation.part ? `The ${relation.to} that this row is a part of.` : undefined
}
