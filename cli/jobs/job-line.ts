import { errorText, type JobEvent } from '#server'

/** What happened to a job, in a line; nothing of its input. */
export function jobLine(event: JobEvent): string {
  switch (event.kind) {
    case 'job-failed':
      return `${event.task} ${event.id} failed at try ${event.attempt}, ${endings[event.became] ?? event.became}: ${errorText(event.error)}`
    case 'jobs-taken-over':
      return `Took over ${event.count} jobs of a runner that is gone.`
    case 'queue-lost':
      return `The queue of jobs cannot be reached: ${errorText(event.error)}`
  }
}

const endings: Readonly<Record<string, string>> = {
  retry: 'and is tried again',
  failed: 'for good',
  lost: 'after another runner had taken it over',
}
