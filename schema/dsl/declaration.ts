/**
 * What the functions of the language give back: the author's data as it was written, tagged, with the place of the call.
 * Nothing is checked here beyond what TypeScript checks; `load`, `complete` and `verify` do that, with positions.
 */
export const declared: unique symbol = Symbol.for('rowhouse.declaration') as never

/** Place of a call in an app's file, as V8 reports it. */
export interface CallSite {
  /** Absolute path. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1: the first character of the called name. */
  readonly column: number
}

interface Tagged<Kind extends string> {
  readonly [declared]: Kind
}

/** `entity('Order', { … })`; also carries `name` for `policy(Order, …)`. */
export interface EntityDeclaration extends Tagged<'entity'> {
  readonly name: string
  readonly definition: Readonly<Record<string, unknown>>
  readonly at: CallSite | null
}

/** `string({ max: 20 })`: the builder's name and its options, untouched. */
export interface FieldDeclaration extends Tagged<'field'> {
  readonly builder: string
  readonly options: Readonly<Record<string, unknown>>
  /** Values of `choice`, as written, or a {@link ChoiceTypeDeclaration}. */
  readonly values?: unknown
  /** Field that each element of a `list` is. */
  readonly of?: unknown
  /** Parts of a `shape` or of an `embed`, as written, or a {@link ShapeTypeDeclaration} or {@link EmbedTypeDeclaration}. */
  readonly parts?: unknown
}

/** `embedType('Address', …)`: parts shared by several value objects. */
export interface EmbedTypeDeclaration extends Tagged<'embedType'> {
  readonly name: string
  readonly fields: unknown
  readonly at: CallSite | null
}

/** `shapeType('Name', { … })`: parts shared by several fields. */
export interface ShapeTypeDeclaration extends Tagged<'shapeType'> {
  readonly name: string
  readonly parts: unknown
  readonly at: CallSite | null
}

/** `choiceType('Name', …)`: values shared by several fields. */
export interface ChoiceTypeDeclaration extends Tagged<'choiceType'> {
  readonly name: string
  readonly values: unknown
  readonly at: CallSite | null
}

/** `one('Customer', { … })`: the target's name (of `oneOf`: the list of names) and the options, untouched. */
export interface RelationDeclaration extends Tagged<'relation'> {
  readonly kind: 'one' | 'partOf' | 'hasOne' | 'many' | 'oneOf'
  readonly to: unknown
  readonly options: Readonly<Record<string, unknown>>
}

/** `formulas(Order, { … })` and `defaults(Order, { … })`: functions by the name of a field, untouched. */
export interface FormulasDeclaration extends Tagged<'formulas' | 'defaults'> {
  readonly of: string
  readonly given: Readonly<Record<string, unknown>>
  readonly at: CallSite | null
}

/** `policy(Order, { 'title': { … } })` */
export interface PolicyDeclaration extends Tagged<'policy'> {
  readonly of: string
  readonly rules: Readonly<Record<string, unknown>>
  /** What the policy says beside its rules. */
  readonly options?: unknown
  readonly at: CallSite | null
}

/** `condition(Customer, { … })`: stands wherever a condition on that entity may stand. */
export interface ConditionDeclaration extends Tagged<'condition'> {
  readonly of: string
  readonly where: unknown
  readonly at: CallSite | null
}

/** `defineRoles({ … })` */
export interface RolesDeclaration extends Tagged<'roles'> {
  readonly roles: Readonly<Record<string, unknown>>
  readonly at: CallSite | null
}

/** `defineActions({ … })` */
export interface ActionsDeclaration extends Tagged<'actions'> {
  readonly actions: Readonly<Record<string, unknown>>
  readonly at: CallSite | null
}

/** `defineActor(User, { … })` */
export interface ActorDeclaration extends Tagged<'actor'> {
  readonly of: string
  readonly values: Readonly<Record<string, ReachDeclaration | ClaimDeclaration | OwnDeclaration>>
  readonly at: CallSite | null
}

/** `on('Order.approved', …)`, the default export of a file in `subscribers/`. */
export interface SubscriberDeclaration extends Tagged<'subscriber'> {
  /** As written: one name, or a list of them. */
  readonly events: unknown
  /** What is done; whoever runs jobs calls it. */
  readonly run: unknown
  readonly options: Readonly<Record<string, unknown>>
  readonly at: CallSite | null
}

/** `reach('Organization', { via, as, where })` */
export interface ReachDeclaration extends Tagged<'reach'> {
  readonly to: string
  readonly options: Readonly<Record<string, unknown>>
}

/** `claim(choice([…]))` */
export interface ClaimDeclaration extends Tagged<'claim'> {
  readonly field: FieldDeclaration
}

/** `own('rank')` */
export interface OwnDeclaration extends Tagged<'own'> {
  /** As written. */
  readonly field: unknown
}

/** `actor.id`, `actor.managed` inside a rule. */
export interface ActorRefDeclaration extends Tagged<'actorRef'> {
  readonly name: string
}

/** `signedIn`, `everyone` and `anything`. */
export interface WordDeclaration extends Tagged<'word'> {
  readonly word: 'signedIn' | 'everyone' | 'anything'
}

/** `everyoneExcept('admin')` */
export interface ExceptDeclaration extends Tagged<'except'> {
  /** As written. */
  readonly roles: readonly unknown[]
}

/** `ahead({ days: 14 })` and `ago({ … })`; also `now`, whose span is null. */
export interface MomentDeclaration extends Tagged<'moment'> {
  readonly way: 'ahead' | 'ago' | 'now'
  readonly span: unknown
}

/** `row('customer.owner')`, `its('limit')` and `was('price')`. */
export interface RowRefDeclaration extends Tagged<'rowRef' | 'itsRef' | 'wasRef'> {
  readonly name: string
}

/** `may('read')` */
export interface MayDeclaration extends Tagged<'may'> {
  readonly verb: unknown
}

/** `usd('50000')` and other exact amounts. */
export interface MoneyDeclaration extends Tagged<'money'> {
  readonly currency: string
  /** Decimal digits, such as `-12.50`. */
  readonly amount: string
}

/** The kind of a declaration, or null for anything else. */
export function kindOf(value: unknown): string | null {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return null
  const kind: unknown = (value as Partial<Tagged<string>>)[declared]
  return typeof kind === 'string' ? kind : null
}
