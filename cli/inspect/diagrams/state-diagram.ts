import { conditionWords } from '#policies'
import { type Audience, type Entity, type Model, type Rule, ruleCovers, rulesFor } from '#schema'

/** A lifecycle, free of any notation. */
export interface StateDiagram {
  readonly entity: string
  readonly initial: string
  readonly states: readonly DiagramState[]
  readonly transitions: readonly DiagramTransition[]
}

/** A box. */
export interface DiagramState {
  readonly value: string
  readonly label: string
  /** No transition leads away. */
  readonly isFinal: boolean
}

/** An arrow. */
export interface DiagramTransition {
  readonly name: string
  readonly from: string
  readonly to: string
  /** What must hold of the row, in words. */
  readonly guard: string | null
  /** Roles that some rule lets do it: `sales`, `everyone signed in`; empty: nobody. */
  readonly who: readonly string[]
}

/** The lifecycle of an entity, or null when it has none. */
export function stateDiagram(model: Model, entity: Entity): StateDiagram | null {
  const { lifecycle } = entity
  if (lifecycle === null) return null
  const leaving = new Set(lifecycle.transitions.flatMap(({ from }) => from))
  return {
    entity: entity.name,
    initial: lifecycle.initial,
    states: lifecycle.states.map(({ value, label }) => ({
      value,
      label: label ?? value,
      isFinal: !leaving.has(value),
    })),
    transitions: lifecycle.transitions.flatMap(({ name, from, to, when }) => {
      const guard = when === null ? null : conditionWords(when, model, entity)
      const who = whoMay(model, entity, name)
      return from.map((state) => ({ name, from: state, to, guard, who }))
    }),
  }
}

/** Whom rules of an entity let do a verb, in order of the rules. */
export function whoMay(model: Model, entity: Entity, verb: string): readonly string[] {
  const allowing = rulesFor(model, entity).filter((rule) => rule.effect === 'allow' && ruleCovers(entity, rule, verb))
  return [...new Set(allowing.flatMap(whoOf))]
}

/** Whom a rule speaks of: roles by name. */
function whoOf({ audience }: Pick<Rule, 'audience'>): readonly string[] {
  if (audience.kind === 'except') return [`everyone but ${audience.roles.join(', ')}`]
  return audience.kind === 'roles' ? audience.roles : [audienceWords[audience.kind]]
}

const audienceWords: Readonly<Record<Exclude<Audience['kind'], 'roles' | 'except'>, string>> = {
  everyone: 'everyone',
  signedIn: 'everyone signed in',
}
