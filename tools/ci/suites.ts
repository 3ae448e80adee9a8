/** A suite of CI: what runs it, and the Debian packages that it needs beyond Node. */
export interface Suite {
  readonly name: string
  readonly command: readonly [string, ...string[]]
  /** Program that proves that the package is there, and the package. */
  readonly needs: readonly { readonly program: string; readonly debian: string }[]
  /** True: it reports through vitest's JSON reporter. False: its exit code is one result. */
  readonly vitest: boolean
}

/** In the order in which they run. */
export const suites: readonly Suite[] = [
  { name: 'check', command: ['npm', 'run', 'check'], needs: [], vitest: false },
  { name: 'test', command: ['npm', 'test', '--'], needs: [], vitest: true },
  {
    name: 'test:pg15',
    command: ['npm', 'run', 'test:pg15', '--'],
    needs: [{ program: '/usr/lib/postgresql/15/bin/postgres', debian: 'postgresql-15' }],
    vitest: true,
  },
  { name: 'test:package', command: ['npm', 'run', 'test:package', '--'], needs: [], vitest: true },
  { name: 'test:domains', command: ['npm', 'run', 'test:domains', '--', '../shared/data'], needs: [], vitest: true },
  {
    name: 'test:browser',
    command: ['npm', 'run', 'test:browser', '--'],
    needs: [{ program: '/usr/bin/chromium', debian: 'chromium' }],
    vitest: true,
  },
]
