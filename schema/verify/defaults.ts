import { limitFault } from '../values/limit-fault.ts'
import type { Verification } from './context.ts'
import { everyField } from './every-field.ts'

const hint = 'Choose another default, or change the limit that it breaks.'

/** A default passes the checks of its own field: else every row made without a value would be refused. */
export function verifyDefaults({ model, problems }: Verification): void {
  for (const { field, path } of everyField(model)) {
    if (field.default?.kind !== 'value') continue
    const fault = limitFault(field.type, field.default.value)
    if (fault !== null)
      problems.report('FIELD_DEFAULT_INVALID', { path: [...path, 'default'] }, `The default ${fault}.`, { hint })
  }
}
