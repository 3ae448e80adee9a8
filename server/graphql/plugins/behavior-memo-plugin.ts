import 'postgraphile'

interface Behavior {
  entityMatches(type: string, entity: unknown, filter: string): unknown
  getBehaviorForEntity(type: string, entity: unknown): { readonly behaviorString: string }
  parseBehaviorString(behavior: string): unknown
  stringMatches(behavior: string, filter: string): unknown
  readonly behaviorEntities: Readonly<Record<string, { readonly listCache: Map<number, unknown> }>>
}

/**
 * Remembers what graphile-build decides about each entity. It searches its whole registry at every question, although
 * answers never change within a build; it also reads the same words of behaviours again and again. 300 entities build in half of the time, with the same result. Only this
 * build's object is wrapped; nothing global is patched.
 */
export const BehaviorMemoPlugin: GraphileConfig.Plugin = {
  name: 'BehaviorMemoPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      build(build) {
        let behavior: Behavior | undefined
        // graphile-build assigns the property once, right before it freezes the build.
        return Object.defineProperty(build, 'behavior', {
          configurable: true,
          enumerable: true,
          get: () => behavior,
          set: (made: Behavior) => {
            behavior = remembering(made)
          },
        })
      },
    },
  },
}

function remembering(made: Behavior): Behavior {
  const behaviors = new EntityMemo<{ readonly behaviorString: string }>()
  const answers = new EntityMemo<unknown>()
  const registered = new Set<string>()
  const remembered: Behavior = Object.create(made)
  remembered.stringMatches = rememberedTwice((behavior, filter) => made.stringMatches(behavior, filter))
  remembered.parseBehaviorString = rememberedOnce((behavior) => made.parseBehaviorString(behavior))
  remembered.getBehaviorForEntity = (type, entity) =>
    behaviors.get([type], entity, () => {
      // Tuples that were asked about, searched one by one: here each is asked about once.
      made.behaviorEntities[type]?.listCache.clear()
      return made.getBehaviorForEntity.call(remembered, type, entity)
    })
  remembered.entityMatches = (type, entity, filter) =>
    answers.get([type, filter], entity, () => {
      const question = `${type} ${filter}`
      if (registered.has(question)) {
        return remembered.stringMatches(remembered.getBehaviorForEntity(type, entity).behaviorString, filter)
      }
      // The first question of a kind also registers it, or warns that it is unknown.
      registered.add(question)
      return made.entityMatches.call(remembered, type, entity, filter)
    })
  return remembered
}

function rememberedOnce<Value>(make: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, { readonly value: Value }>()
  return (key) => {
    const found = known.get(key) ?? { value: make(key) }
    known.set(key, found)
    return found.value
  }
}

function rememberedTwice<Value>(make: (first: string, second: string) => Value) {
  const ofFirst = rememberedOnce((first) => rememberedOnce((second) => make(first, second)))
  return (first: string, second: string): Value => ofFirst(first)(second)
}

/** A map keyed by an entity: an object, or a tuple of objects and names that is made anew for every question. */
class EntityMemo<Value> {
  readonly #root: Node<Value> = { next: new Map() }

  get(names: readonly string[], entity: unknown, make: () => Value): Value {
    let node = this.#root
    for (const part of [...names, ...(Array.isArray(entity) ? entity : [entity])]) {
      let next = node.next.get(part)
      if (next === undefined) {
        next = { next: new Map() }
        node.next.set(part, next)
      }
      node = next
    }
    node.found ??= { value: make() }
    return node.found.value
  }
}

interface Node<Value> {
  readonly next: Map<unknown, Node<Value>>
  found?: { readonly value: Value }
}
