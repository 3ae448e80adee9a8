import { lowerFirst } from '#base'
import type { Entity, FieldType } from '#schema'
import { rowFieldName, rowsFieldName } from '../api-names.ts'
import 'postgraphile'

type Choice = Extract<FieldType, { kind: 'choice' }>

interface EntityCodec {
  readonly name: string
  readonly attributes?: Record<string, { readonly extensions?: { readonly tags?: Record<string, unknown> } }>
  readonly extensions?: { readonly rowhouseEntity?: Entity; readonly rowhouseChoice?: Choice }
}

/** Names types, fields and enum values as the model does, and nothing after tables or columns. */
export const ModelNamesPlugin: GraphileConfig.Plugin = {
  name: 'ModelNamesPlugin',
  version: '1.0.0',
  inflection: {
    replace: {
      nodeIdFieldName: () => 'nodeId',
      tableType: (_previous, _preset, codec) => (codec as EntityCodec).extensions?.rowhouseEntity?.name ?? codec.name,
      // The plain names are those of our own inputs; these types serve PostGraphile's mutations, which are off.
      inputType: (_previous, _preset, typeName) => `${typeName}RecordInput`,
      patchType: (_previous, _preset, typeName) => `${typeName}RecordPatch`,
      allRowsConnection: (_previous, _preset, resource) => rowsFieldName(entityOf(resource.codec as EntityCodec)),
      rowByUnique: (_previous, _preset, { resource }) => rowFieldName(entityOf(resource.codec as EntityCodec)),
      _attributeName: (previous, _preset, details) =>
        fieldNameOf(details) ?? previous?.(details) ?? details.attributeName,
      attribute: (_previous, _preset, details) => fieldNameOf(details) ?? details.attributeName,
      enumType: (_previous, _preset, codec) => codec.name,
      enumValue: (previous, _preset, value, codec) => {
        const choice = (codec as unknown as EntityCodec).extensions?.rowhouseChoice
        return (
          choice?.values.find((candidate) => candidate.value === value)?.graphql ?? previous?.(value, codec) ?? value
        )
      },
      _singleRelationRaw: (_previous, _preset, details) => details.relationName,
      _singleRelationBackwardsRaw: (_previous, _preset, details) => details.relationName,
      _manyRelationRaw: (_previous, _preset, details) => details.relationName,
      singleRelation: (_previous, _preset, details) => details.relationName,
      singleRelationBackwards: (_previous, _preset, details) => details.relationName,
      _manyRelation: (_previous, _preset, details) => details.relationName,
      manyRelationConnection: (_previous, _preset, details) => details.relationName,
      _manyToManyRelation: (_previous, _preset, details) => details.leftRelationName,
      _manyToManyEdgeRelation: (_previous, _preset, details) =>
        rowsFieldName(entityOf(details.junctionTable.codec as EntityCodec)),
    } as GraphileConfig.PluginInflectionConfig['replace'] & object,
  },
}

/** The name of a column's field in the model, which `buildRegistry` left there. */
function fieldNameOf(details: { readonly codec: unknown; readonly attributeName: string }): string | null {
  const name = (details.codec as EntityCodec).attributes?.[details.attributeName]?.extensions?.tags?.name
  return typeof name === 'string' ? name : null
}

function entityOf(codec: EntityCodec): Entity {
  const entity = codec.extensions?.rowhouseEntity
  if (entity === undefined) throw new TypeError(`Codec "${lowerFirst(codec.name)}" was not made from an entity.`)
  return entity
}
