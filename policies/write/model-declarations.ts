import {
  type ActionsDeclaration,
  type ActorDeclaration,
  type AppDeclaration,
  declare,
  type EntityDeclaration,
  type FormulasDeclaration,
  kindOf,
  type Model,
  type PolicyDeclaration,
  type RolesDeclaration,
  reportTexts,
  type SharedTypes,
  type Subscriber,
  type SubscriberDeclaration,
  sharedTypes,
  withoutHistories,
  writtenAppAction,
  writtenEntity,
  writtenFormulas,
} from '#schema'
import { writtenActor, writtenAudience, writtenPolicy, writtenRoles } from './written-policy.ts'

/** A model as the calls that give it back when they are read. */
export interface ModelDeclarations {
  readonly entities: readonly EntityDeclaration[]
  /** Calls of `formulas` and `defaults`. */
  readonly formulas: readonly FormulasDeclaration[]
  readonly policies: readonly PolicyDeclaration[]
  readonly roles: RolesDeclaration | null
  readonly actions: ActionsDeclaration | null
  readonly actor: ActorDeclaration | null
  /** What they do is not part of a model. */
  readonly subscribers: readonly Subscriber[]
  readonly shared: SharedTypes
  /** Text of each file that a declaration names, by path. */
  readonly texts: ReadonlyMap<string, string>
}

/** The calls that an author would write for a model. */
export function modelDeclarations(given: Model): ModelDeclarations {
  const model = withoutHistories(given)
  const entities = new Map(model.entities.map((entity) => [entity.name, entity]))
  const writing = { entities, caller: model.actor?.entity ?? null }
  const shared = sharedTypes()
  const made = model.entities.filter(({ link }) => link === null)
  return {
    entities: made.map((entity) => writtenEntity(entity, { entities, shared })),
    formulas: made.flatMap((entity) => writtenFormulas(entity, entities)),
    policies: model.policies
      .filter(({ entity, rules }) => rules.length > 0 && made.some(({ name }) => name === entity))
      .map((policy) => writtenPolicy(policy, writing)),
    roles: model.roles.length === 0 ? null : writtenRoles(model.roles),
    actions: writtenActions(model, shared),
    actor: model.actor === null ? null : writtenActor(model.actor, writing),
    subscribers: model.subscribers ?? [],
    shared,
    texts: reportTexts(model),
  }
}

function writtenActions({ actions = [] }: Model, shared: SharedTypes): ActionsDeclaration | null {
  if (actions.length === 0) return null
  const written = actions.map((action) => [
    action.name,
    writtenAppAction(action, writtenAudience(action.audience), shared),
  ])
  return declare('actions', { actions: Object.fromEntries(written), at: null })
}

/** The same as the loader gives declarations of files; the file is named as it would be written. */
export function asDeclared(given: ModelDeclarations, file: string): readonly AppDeclaration[] {
  const place = { file, call: null }
  return [
    ...given.entities.map(
      (declared) => ({ ...place, kind: 'entity', of: declared.name, declared, exportName: declared.name }) as const,
    ),
    ...given.formulas.map((declared) => {
      const kind = kindOf(declared) === 'defaults' ? 'defaults' : 'formulas'
      const exportName = `${declared.of}${kind === 'defaults' ? 'Defaults' : 'Formulas'}`
      return { ...place, kind, of: declared.of, declared, exportName } as const
    }),
    ...given.policies.map(
      (declared) =>
        ({ ...place, kind: 'policy', of: declared.of, declared, exportName: `${declared.of}Policy` }) as const,
    ),
    ...given.subscribers.map(({ name, on, attempts }) => {
      const declared = declare<SubscriberDeclaration>('subscriber', {
        events: on,
        run: null,
        options: { retries: attempts - 1 },
        at: null,
      })
      return { ...place, kind: 'subscriber', of: name, declared, exportName: 'default' } as const
    }),
    ...(given.roles === null
      ? []
      : [{ ...place, kind: 'roles', of: null, declared: given.roles, exportName: 'roles' } as const]),
    ...(given.actions === null
      ? []
      : [{ ...place, kind: 'actions', of: null, declared: given.actions, exportName: 'actions' } as const]),
    ...(given.actor === null
      ? []
      : [{ ...place, kind: 'actor', of: null, declared: given.actor, exportName: 'actor' } as const]),
  ]
}
