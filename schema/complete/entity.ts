import type { EntityDeclaration } from '../dsl/declaration.ts'
import type { Problems } from '../load/problems.ts'
import type { Entity, Field, ToOne } from '../model/model.ts'
import { isReadOnly } from '../model/read-only.ts'
import { completeActions } from './actions.ts'
import { builtInFields, readMoments, withRefreshed, withShared } from './built-in-fields.ts'
import { completeComputed } from './computed.ts'
import { completeEvents } from './events.ts'
import { completeFields } from './fields.ts'
import { completeHooks } from './hooks.ts'
import { readIdentity } from './identity.ts'
import { completeLifecycle } from './lifecycle.ts'
import { completeNoOverlap } from './no-overlap.ts'
import { readOptions } from './options.ts'
import { pluralOf } from './plural.ts'
import { completeRelations } from './relations.ts'
import { notReferring, type Texts } from './report.ts'
import { completeSearch } from './search.ts'
import { readShown } from './shown.ts'
import { completeSort } from './sort.ts'
import { readPlace } from './source.ts'
import { completeIndexes, completeUniques } from './uniques.ts'

/** What comes in later parts of the language. */
const later: Readonly<Record<string, string>> = Object.fromEntries(
  'lifecycles was'.split(' ').map((name) => [name, 'Not supported yet.']),
)

/** An entity completed by itself. Conditions and links to other entities are still missing. */
export function completeEntity(
  { name, definition }: EntityDeclaration,
  problems: Problems,
  texts: Texts = new Map(),
): Entity {
  const options = readOptions(definition, [name], problems)
  const fields = completeFields(options.entries('fields'), name, [name, 'fields'], problems)
  const relations = completeRelations(options.entries('relations'), [name, 'relations'], problems)
  const lifecycle = completeLifecycle(options.raw('lifecycle'), name, [name, 'lifecycle'], problems)
  const isPersonal = options.flag('pii')
  const declared = fields.map(({ field }) => (isPersonal ? { ...field, pii: true } : field))
  const place = readPlace(name, options, { problems, texts })
  const { id, key } = readIdentity(options, problems)
  const moments = readMoments(options, place.source.kind !== 'table', problems)
  const entity: Entity = {
    ...readShown(options, problems),
    name,
    plural: options.word('plural') ?? pluralOf(name),
    display: options.word('display'),
    ...place,
    key,
    fields: [
      ...declared.map((field) => heldByKey(field, key)),
      ...withRefreshed(withShared(builtInFields(lifecycle, id, moments), place.tenancy), place.source),
    ],
    computed: completeComputed(options.entries('computed'), name, [name, 'computed'], problems),
    relations: relations
      .map(({ relation }) => (relation.kind === 'one' ? heldByKey(relation, key) : relation))
      .map((relation) => (isReadOnly(place) ? notReferring(relation) : relation)),
    unique: completeUniques(fields, relations, options.raw('unique'), [name, 'unique'], problems),
    indexes: completeIndexes(fields, options.raw('indexes'), [name, 'indexes'], problems),
    noOverlap: completeNoOverlap(options.raw('noOverlap'), [name, 'noOverlap'], problems),
    rules: [],
    lifecycle,
    actions: completeActions(options.entries('actions'), name, [name, 'actions'], problems),
    sort: completeSort(options.raw('sort'), [name, 'sort'], problems),
    tree: options.word('tree'),
    immutable: options.flag('immutable'),
    expires: options.word('expires'),
    search: completeSearch(options, [name], problems),
    history: options.flag('history'),
    historyOf: null,
    link: null,
  }
  const events = completeEvents(options.raw('events'), entity, problems)
  const hooks = completeHooks(options.raw('hooks'), [name, 'hooks'], problems)
  // Conditions are read when every entity is known.
  options.raw('rules')
  options.done(later)
  const asked = events.length === 0 ? {} : { events }
  return { ...entity, ...asked, ...(hooks.length === 0 ? {} : { hooks }) }
}

/** What identifies a row never changes. */
function heldByKey<Part extends Field | ToOne>(part: Part, key: readonly string[]): Part {
  return key.includes(part.name) ? { ...part, readonly: true } : part
}
