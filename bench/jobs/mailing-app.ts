import { join } from 'node:path'

/** Folder of the app whose jobs are measured. */
export const mailingApp = join(import.meta.dirname, '../../test/fixtures/apps/mailing')
