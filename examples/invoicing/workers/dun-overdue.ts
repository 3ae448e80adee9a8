import { worker } from 'rowhouse/workers'

/** Steps of dunning, the last one first: no invoice takes two on one day. */
const steps = [
  { from: 'reminded', verb: 'warn', daysLate: 15 },
  { from: 'sent', verb: 'remind', daysLate: 1 },
] as const

const dayMs = 86_400_000
/** A transaction makes 1,000 changes at most. */
const most = 400

/**
 * Brings invoices that are overdue to their next state; what is mailed follows from that. The lifecycle lets each step be taken once, however often
 * this runs.
 */
export default worker({ as: { service: 'accountant' }, cron: '0 6 * * *' }, async ({ db, now, jobs, log }) => {
  for (const { from, verb, daysLate } of steps) {
    const lastDay = new Date(now.getTime() - daysLate * dayMs).toISOString().slice(0, 10)
    const where = { status: from, dueOn: { atMost: lastDay } }
    const due = await db.find('Invoice', { where, orderBy: ['dueOn'], first: most })
    for (const { id, dueOn } of due) await db.act('Invoice', verb, String(id), { note: `Was due on ${String(dueOn)}.` })
    if (due.length > 0) log(`${verb}: ${due.length} invoices`)
    if (due.length === most) await jobs.add('workers/dun-overdue')
  }
})
