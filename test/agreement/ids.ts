const names = ['Person', 'Team', 'Member', 'Item', 'Line', 'Badge', 'Label', 'ItemLabel', 'Tenant', 'Part']

/** The id of the nth row of an entity; rows of both tenants take turns in it. */
export function idOf(entity: string, at: number): string {
  // Rows of the entity that is the tenant are the tenants.
  if (entity === 'Place') return tenants[at % 2]!
  return `00000000-0000-7000-8${String(names.indexOf(entity)).padStart(3, '0')}-${String(at).padStart(12, '0')}`
}

/** The two tenants. */
export const tenants = [idOf('Tenant', 1), idOf('Tenant', 2)] as const
