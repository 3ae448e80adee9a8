import {
  type Condition,
  conditionParts,
  type Entity,
  type EntityMap,
  kindOf,
  type ModelPath,
  type Rule,
  ruleCovers,
  rulesFor,
  type Verification,
  verbsOf,
} from '#schema'

/** A right that a rule asks for, and where. */
interface Asked {
  /** `OrderLine.read` */
  readonly from: string
  /** `Order.read` */
  readonly to: string
  readonly path: ModelPath
}

/** Rights that ask for each other have no beginning. */
export function verifyMayCycles({ app, model, entities, problems }: Verification): void {
  const asked = model.entities.flatMap((entity) => {
    const policy = app.declarations.find((each) => each.kind === 'policy' && each.of === entity.name)
    const written = policy?.kind === 'policy' ? policy.declared.rules : {}
    return rulesFor(model, entity).flatMap((rule) =>
      rightsOf(rule, entity, { entities, model, written: written[rule.title] }),
    )
  })
  const told = new Set<string>()
  for (const each of asked) {
    const way = wayBack(each, asked)
    if (way === null) continue
    const identity = [...new Set(way)].toSorted().join()
    if (told.has(identity)) continue
    told.add(identity)
    const message = `Whether a right holds depends on itself: ${way.map(quoted).join(' asks for ')}.`
    const hint = 'Say what both rules mean once, `const ours = condition(…)`, and use it in both instead of may(…).'
    problems.report('POLICY_MAY_CYCLE', { path: each.path }, message, { hint })
  }
}

function quoted(right: string): string {
  return `"${right}"`
}

interface Written extends Pick<Verification, 'entities' | 'model'> {
  /** The rule as it was written. */
  readonly written: unknown
}

function rightsOf(rule: Rule, entity: Entity, { entities, model, written }: Written): readonly Asked[] {
  const rules = written as Readonly<Record<string, unknown>> | undefined
  const verbs = verbsOf(entity).filter((verb) => ruleCovers(entity, rule, verb))
  return (['where', 'becoming', 'unless'] as const).flatMap((key) => {
    const condition = rule[key]
    if (condition === null || condition === 'anything') return []
    const paths = mayPaths(rules?.[key], [entity.name, 'policy', rule.title, key])
    const rights = rightsIn(condition, { entity, entities, caller: model.actor?.entity ?? null })
    return rights.flatMap((to, index) =>
      verbs.map((verb) => ({
        from: `${entity.name}.${verb}`,
        to,
        path: paths[index] ?? [entity.name, 'policy', rule.title, key],
      })),
    )
  })
}

interface At {
  readonly entity: Entity
  readonly entities: EntityMap
  readonly caller: string | null
}

/** `Order.read` for each `may('read')`, in the order in which they are written. */
function rightsIn(condition: Condition, at: At): readonly string[] {
  if (condition.kind === 'may') return [`${at.entity.name}.${condition.verb}`]
  return conditionParts(condition).flatMap(({ where, about }) => {
    const entity = aboutOf(about, at)
    return entity === undefined ? [] : rightsIn(where, { ...at, entity })
  })
}

function aboutOf(about: ReturnType<typeof conditionParts>[number]['about'], at: At): Entity | undefined {
  if (about === 'row') return at.entity
  if (about === 'caller') return at.entities.get(at.caller ?? '')
  if (about === 'tenant') return [...at.entities.values()].find(({ tenancy }) => tenancy === 'self')
  const relation = at.entity.relations.find(({ name }) => name === about.relation)
  return relation === undefined || !('to' in relation) ? undefined : at.entities.get(relation.to)
}

/** Places of `may(…)` in what was written; inside of a named condition the place where it is used. */
function mayPaths(given: unknown, path: ModelPath): readonly ModelPath[] {
  const kind = kindOf(given)
  if (kind === 'may') return [path]
  if (kind === 'condition') return mayPaths((given as { readonly where: unknown }).where, path).map(() => path)
  if (kind !== null || typeof given !== 'object' || given === null) return []
  if (Array.isArray(given)) return given.flatMap((each: unknown, index) => mayPaths(each, [...path, index]))
  return Object.entries(given).flatMap(([key, inner]) => mayPaths(inner, [...path, key]))
}

/** The shortest way on which a right leads back to who asks for it; null where none does. */
function wayBack({ from, to }: Asked, asked: readonly Asked[]): readonly string[] | null {
  const ways: (readonly string[])[] = [[from, to]]
  const seen = new Set<string>([to])
  for (const way of ways) {
    const end = way.at(-1)!
    if (end === from) return way
    for (const next of asked) {
      if (next.from !== end || seen.has(next.to)) continue
      seen.add(next.to)
      ways.push([...way, next.to])
    }
  }
  return null
}
