const needsUsual = ['ENTITY_KEY_UNSUPPORTED'] as const
const neverRemoved = ['RELATION_REMOVE_IMPOSSIBLE'] as const
const neverChanged = ['IMMUTABLE_CHANGED'] as const
const oneRow = ['TENANT_SELF_ALONE'] as const
const keyOfTenant = ['TENANT_SELF_KEYED'] as const

/** Pairs that do not go together, and the codes that an author is told. Every other pair must work. */
export const refusedPairs: Readonly<Record<string, readonly string[]>> = {
  // Of a tenant there is one such row: nothing is unlike another, and none leads to another.
  'Self × Int64': keyOfTenant,
  'Self × Natural': keyOfTenant,
  'Self × Composite': keyOfTenant,
  'Self × Tree': [...oneRow, ...oneRow, ...oneRow],
  'Self × Peer': oneRow,
  'Self × Single': oneRow,
  'Self × Numbered': oneRow,
  'Self × Gapless': oneRow,
  'Self × Unique': oneRow,
  'Self × Counted': oneRow,
  'Self × Exclusive': oneRow,
  'Self × Searched': ['SEARCH_UNSUPPORTED'],
  // A key of ours and one of a tenant's own could be the same.
  'Shared × Natural': ['TENANT_SHARED_KEYED'],
  'Shared × Composite': ['TENANT_SHARED_KEYED'],
  'Shared × Agreed': ['SAME_PATH_INVALID'],
  'Global × Agreed': ['SAME_PATH_INVALID'],
  // Places, trees and agreements name rows by "id", and know removed ones.
  'Int64 × Ordered': needsUsual,
  'Int64 × Tree': needsUsual,
  'Int64 × Agreed': needsUsual,
  'Natural × Ordered': needsUsual,
  'Natural × Tree': needsUsual,
  'Natural × Agreed': needsUsual,
  'Composite × Ordered': needsUsual,
  'Composite × Tree': [...needsUsual, 'RELATION_KEY_COMPOSITE'],
  'Composite × Agreed': needsUsual,
  'Composite × Peer': ['RELATION_KEY_COMPOSITE'],
  'Composite × Linked': ['RELATION_KEY_COMPOSITE'],
  'Tree × Plain': needsUsual,
  'Tree × Kept': needsUsual,
  'Agreed × Plain': needsUsual,
  'Agreed × Kept': needsUsual,
  // A part is removed with its whole, unless `onRemove` says otherwise.
  'Part × Immutable': neverChanged,
  'Part × Plain': neverRemoved,
  'Part × Kept': neverRemoved,
  'Ordered × Immutable': neverChanged,
  'Ordered × Plain': [...neverRemoved, ...needsUsual],
  'Ordered × Kept': [...neverRemoved, ...needsUsual],
  // What changes must be named by one value, and there must be changes.
  'Composite × Traced': ['HISTORY_UNSUPPORTED'],
  'Composite × Staged': ['LIFECYCLE_UNSUPPORTED'],
  'Immutable × Traced': ['HISTORY_NEEDLESS'],
  'Immutable × Staged': neverChanged,
}

/** Threes of which each two go together, but not all three: what expires lets others have its unique values by being marked as removed. */
export const refusedTrios: readonly (readonly [string, string, string])[] = ['Plain', 'Kept', 'Immutable'].flatMap(
  (lasting) => ['Single', 'Unique', 'Exclusive'].map((kept) => ['Expiring', lasting, kept] as const),
)
