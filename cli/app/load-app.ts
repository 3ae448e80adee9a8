import type { Model } from '#schema'
import type { Session } from '../session.ts'
export async function loadApp(_folder: string, _session: Session): Promise<{ readonly model: Model }> {
  throw new Error('todo')
}
