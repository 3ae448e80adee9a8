/**
 * A hole in what Rowhouse builds upon: row security, roles, `search_path`. The list is that of https://www.postgresql.org/support/security/ for
 * Postgres 15 and later; `docs/reference/postgres-versions.md` shows it, and a test holds both equal.
 */
export interface KnownHole {
  readonly cve: string
  /** First minor with the fix, by major. A major that is absent never had the hole. */
  readonly fixed: Readonly<Record<number, number>>
  /** One sentence. */
  readonly what: string
  /** Null: a server with it is refused. Else why a Rowhouse on such a server is not open to it; the server is warned about. */
  readonly unreached: string | null
}

/** In the order in which they were published. */
export const knownHoles: readonly KnownHole[] = [
  {
    cve: 'CVE-2023-2454',
    fixed: { 15: 3 },
    what: '`create schema` defeats a protective search_path, so that who may create schemas runs code as another role.',
    unreached: null,
  },
  {
    cve: 'CVE-2023-2455',
    fixed: { 15: 3 },
    what: 'Row security keeps the policies of another role after a function was inlined.',
    unreached: null,
  },
  {
    cve: 'CVE-2023-39418',
    fixed: { 15: 4 },
    what: '`merge` does not enforce the policies for update and select.',
    unreached: null,
  },
  {
    cve: 'CVE-2024-10976',
    fixed: { 15: 9, 16: 5, 17: 1 },
    what: 'Row security below sub-queries keeps the policies of another role.',
    unreached: null,
  },
  {
    cve: 'CVE-2024-10978',
    fixed: { 15: 9, 16: 5, 17: 1 },
    what: '`set role` is reset to a wrong role, and a parallel worker reads another `role` than the session has.',
    unreached: null,
  },
  {
    cve: 'CVE-2025-8713',
    fixed: { 15: 14, 16: 10, 17: 6 },
    what: "The planner's statistics tell of rows that row security hides, in partitions and children of tables.",
    unreached: null,
  },
  {
    cve: 'CVE-2026-14666',
    fixed: { 15: 19, 16: 15, 17: 11, 18: 6 },
    what: 'Plans that were kept go on with the policies of roles that were taken away meanwhile.',
    unreached:
      'Rowhouse makes every plan anew when it takes a membership away; restart the server after doing so by hand.',
  },
  {
    cve: 'CVE-2026-16237',
    fixed: { 15: 20, 16: 16, 17: 12, 18: 7 },
    what: '`insert … on conflict do update` writes rows that the caller may not.',
    unreached: 'Requests never send `on conflict do update`.',
  },
  {
    cve: 'CVE-2026-120154',
    fixed: { 15: 20, 16: 16, 17: 12, 18: 7 },
    what: '`insert … on conflict do update`, repeated, reads every row despite row security.',
    unreached: 'Requests never send `on conflict do update`.',
  },
]

/** The holes of a server. @param number as `server_version_num`: 180004 */
export function holesOf(number: number): readonly KnownHole[] {
  const minor = number % 10_000
  return knownHoles.filter(({ fixed }) => minor < (fixed[Math.floor(number / 10_000)] ?? 0))
}

/** First minor of a major without a hole for which a server is refused. */
export function firstSafeMinor(major: number): number {
  return newestFix(
    knownHoles.filter((hole) => hole.unreached === null),
    major,
  )
}

/** First minor of a major without any of the holes. */
export function newestFix(holes: readonly KnownHole[], major: number): number {
  return Math.max(0, ...holes.map(({ fixed }) => fixed[major] ?? 0))
}
