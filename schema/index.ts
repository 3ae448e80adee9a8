export { amount, eur, usd } from './dsl/amount.ts'
export { callSite } from './dsl/call-site.ts'
export {
  type ActorDeclaration,
  type ActorRefDeclaration,
  type CallSite,
  type ChoiceTypeDeclaration,
  type ClaimDeclaration,
  type ConditionDeclaration,
  declared,
  type EntityDeclaration,
  type FieldDeclaration,
  kindOf,
  type MoneyDeclaration,
  type PolicyDeclaration,
  type ReachDeclaration,
  type RelationDeclaration,
  type RolesDeclaration,
  type WordDeclaration,
} from './dsl/declaration.ts'
export { declare } from './dsl/declare.ts'
export type { Comparison, Condition, Operand, Operator, Path } from './model/condition.ts'
export type {
  Action,
  Actor,
  ActorValue,
  Audience,
  ChoiceValue,
  Default,
  Entity,
  Field,
  FieldType,
  HasOne,
  Index,
  Lifecycle,
  Model,
  ModelPath,
  Policy,
  Relation,
  Role,
  Rule,
  TextFormat,
  Through,
  ToMany,
  ToOne,
  Transition,
  Unique,
} from './model/model.ts'
export type { ActorRef } from './types/comparison.ts'
export type { Field as TypedField } from './types/field.ts'
export type { EntityName, RoleName } from './types/names.ts'
export type { CoverableName, Named, OnesTo, VerbOf } from './types/parts.ts'
export type { RoleSet } from './types/registry.ts'
export type { Id } from './types/values.ts'
export type { NamedCondition, Where } from './types/where.ts'
