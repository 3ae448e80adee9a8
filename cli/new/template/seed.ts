import { defineSeed, stableId } from 'rowhouse'

/** Rows for development: the same ones on every machine. */
export const seed = defineSeed(() => ({
  shared: {
    Person: ['lea', 'max', 'zoe'].map((name) => ({ id: stableId(name), name, email: `${name}@example.com` })),
  },
  tenants: [
    {
      id: stableId('acme'),
      slug: 'acme',
      name: 'Acme',
      rows: {
        Project: [
          { id: stableId('website'), name: 'Website', stage: 'running', lead: stableId('lea') },
          { id: stableId('archive'), name: 'Archive', stage: 'done', lead: stableId('lea') },
        ],
        Task: ['Draw a sketch', 'Write the texts', 'Find a host'].map((title, index) => ({
          id: stableId(title),
          title,
          dueOn: `2030-01-0${index + 1}`,
          project: stableId('website'),
          assignee: index === 1 ? stableId('max') : null,
        })),
      },
    },
    { id: stableId('globex'), slug: 'globex', name: 'Globex', rows: {} },
  ],
}))
