import type { Shown } from '../model/model.ts'

/** What interfaces show, as options. */
export function writtenShown({ note, label, deprecated, ui }: Shown): Readonly<Record<string, unknown>> {
  return { note, label, deprecated, ui }
}
