import {
  type Actor,
  type ActorDeclaration,
  type ActorValue,
  type ClaimDeclaration,
  completeFields,
  type Entity,
  kindOf,
  type ModelPath,
  type OwnDeclaration,
  onesTo,
  type Problems,
  type ReachDeclaration,
  readCondition,
  readOptions,
} from '#schema'

/** The caller as `defineActor` describes it, with the way of each reach found. */
export function completeActor(
  declared: ActorDeclaration | null,
  entities: ReadonlyMap<string, Entity>,
  problems: Problems,
): Actor | null {
  if (declared === null) return null
  const values = Object.entries(declared.values).flatMap(([name, given]): readonly ActorValue[] => {
    const path: ModelPath = ['actor', name]
    const kind = kindOf(given)
    if (kind === 'reach') return [readReach(name, given as ReachDeclaration, { entities, problems, path })]
    if (kind === 'claim') return readClaim(name, given as ClaimDeclaration, path, problems)
    if (kind === 'own') return readOwn(name, given as OwnDeclaration, path, problems)
    problems.report('OPTION_INVALID', { path }, `"${name}" must be a reach(…), a claim(…) or an own(…).`)
    return []
  })
  return { entity: declared.of, values }
}

interface ReachContext {
  readonly entities: ReadonlyMap<string, Entity>
  readonly problems: Problems
  readonly path: ModelPath
}

/** What the condition of a reach cannot say: it is about the link alone. */
const ofReach = {
  level: null,
  rule: 'The condition of a reach knows no row of a rule: what is reached is the same in all of them.',
  isTop: false,
  isBecoming: false,
  mayless: 'The condition of a reach asks for no rights: what is reached is the ground that rights stand on.',
  read: readCondition,
  factless: 'The condition of a reach speaks of the link alone.',
  roles: [],
} as const

/** Ends that cannot be found stay empty; the verifier tells why. */
function readReach(name: string, given: ReachDeclaration, { entities, problems, path }: ReachContext): ActorValue {
  const options = readOptions(given.options, path, problems)
  const via = options.word('via') ?? ''
  const as = options.word('as') ?? ''
  const link = entities.get(via)
  const onward = onesTo(link, given.to).filter((relation) => relation !== as)
  const toward = options.word('to') ?? (onward.length === 1 ? onward[0]! : '')
  const written = options.raw('where')
  const then = options.word('then')
  options.done()
  const callerless = 'The condition of a reach knows nothing of the caller but the link itself.'
  const context = { entities, actor: null, isAcrossRows: true, callerless, problems, policy: ofReach }
  const where =
    written === undefined || link === undefined
      ? null
      : readCondition(written, { entity: link, path: [...path, 'where'] }, context)
  return {
    kind: 'reach',
    name,
    to: given.to,
    via,
    as,
    toward,
    where,
    then,
  }
}

function readOwn(name: string, { field }: OwnDeclaration, path: ModelPath, problems: Problems): readonly ActorValue[] {
  if (typeof field === 'string') return [{ kind: 'own', name, field }]
  const hint = "Write the name of a field or of a to-one relation: `own('rank')`."
  problems.report('ACTOR_OWN_INVALID', { path }, 'This does not say which field of the caller is meant.', { hint })
  return []
}

function readClaim(name: string, given: ClaimDeclaration, path: ModelPath, problems: Problems): readonly ActorValue[] {
  const [read] = completeFields([[name, given.field]], 'Claim', path.slice(0, -1), problems)
  if (read === undefined) return []
  const { type } = read.field
  if (type.kind === 'embed' || type.kind === 'period') {
    problems.report('ACTOR_CLAIM_INVALID', { path }, 'A claim is a single value: a token has no other.')
    return []
  }
  return [{ kind: 'claim', name, type }]
}
