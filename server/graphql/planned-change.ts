import { PgSelectStep, SideEffectWithPgClientStep } from '@dataplan/pg'
import type { OperationPlan, Step } from 'grafast'
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import type { PlannedChange } from '../postgres/change-ahead.ts'
import { isKeyField, isSureField } from './sure-fields.ts'

/** What is read of an operation; plans keep more than their types say. */
interface PlannedOperation {
  readonly schema: GraphQLSchema
  readonly operation: { readonly operation: string; readonly selectionSet: SelectionSetNode }
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
}

/**
 * What a mutation of one field does, as far as its plan tells; null where it does more, or nobody knows.
 *
 * @param asking steps that ask Postgres
 */
export function plannedChange(plan: OperationPlan, asking: readonly Step[]): PlannedChange | null {
  const { schema, operation, fragments } = plan as unknown as PlannedOperation
  const [only, ...others] = operation.selectionSet.selections
  if (operation.operation !== 'mutation' || only?.kind !== Kind.FIELD || others.length > 0) return null
  const selects = asking.filter((step) => step instanceof PgSelectStep && !step.hasSideEffects).length
  const changes = asking.filter((step) => step instanceof SideEffectWithPgClientStep).length
  if (changes !== 1 || selects + changes !== asking.length) return null
  const payload = getNamedType(schema.getMutationType()!.getFields()[only.name.value]?.type)
  if (!isObjectType(payload) || only.selectionSet === undefined) return null
  const reading: Reading = { fragments, fields: [], isPlain: true }
  read(payload, only.selectionSet, reading)
  return {
    selects,
    isSure: reading.isPlain && reading.fields.every(isSureField),
    tellsKey: !reading.isPlain || reading.fields.some(isKeyField),
  }
}

type Fields = GraphQLObjectType['getFields'] extends () => infer All ? All[keyof All] : never

interface Reading {
  readonly fragments: PlannedOperation['fragments']
  /** All that are read below. */
  readonly fields: Fields[]
  /** Nothing but fields of objects. */
  isPlain: boolean
}

function read(type: GraphQLObjectType, { selections }: SelectionSetNode, reading: Reading): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) readField(type, selection, reading)
    else {
      const within = selection.kind === Kind.FRAGMENT_SPREAD ? reading.fragments[selection.name.value]! : selection
      if (within.typeCondition !== undefined && within.typeCondition.name.value !== type.name) reading.isPlain = false
      read(type, within.selectionSet, reading)
    }
  }
}

function readField(parent: GraphQLObjectType, { name, selectionSet }: FieldNode, reading: Reading): void {
  if (name.value === '__typename') return
  const field = parent.getFields()[name.value]
  if (field === undefined) {
    reading.isPlain = false
    return
  }
  reading.fields.push(field)
  if (selectionSet === undefined) return
  const type = getNamedType(field.type)
  if (isObjectType(type)) read(type, selectionSet, reading)
  else reading.isPlain = false
}
