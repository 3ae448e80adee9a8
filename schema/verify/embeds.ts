import type { EmbedField } from '../model/column-fields.ts'
import { embedsOf, membersOf, pathOfField, requiredParts } from '../model/column-fields.ts'
import type { Entity } from '../model/model.ts'
import type { Verification } from './context.ts'

/** Optional value objects are there or not, and nothing on them or on their parts says otherwise. */
export function verifyEmbeds(check: Verification): void {
  for (const entity of check.model.entities) {
    for (const embed of embedsOf(entity)) {
      if (embed.optional) verifyOptional(check, entity, embed)
      for (const { name, from } of [embed, ...membersOf(embed)]) {
        if (from === null) continue
        const message = `"${name}" cannot be copied: values of single fields are.`
        const place = { path: [...pathOfField(entity, name), 'from'], part: 'key' } as const
        check.problems.report('EMBED_OPTION_MISPLACED', place, message, { hint: 'Give it when the row is made.' })
      }
    }
  }
}

function verifyOptional({ problems }: Verification, entity: Entity, embed: EmbedField): void {
  const path = pathOfField(entity, embed.name)
  // One without parts is reported by itself.
  if (embed.type.fields.length > 0 && requiredParts(embed).length === 0) {
    const message = `"${embed.name}" may be missing, but all of its parts may be missing too.`
    const hint = 'Make one part required: it tells whether the object is there.'
    problems.report('EMBED_PRESENCE_UNKNOWN', { path, part: 'key' }, message, { hint })
  }
  for (const part of membersOf(embed)) {
    const at = pathOfField(entity, part.name)
    if (part.default !== null) {
      const message = `"${part.name}" would have a value where "${embed.name}" is missing.`
      const hint = 'Leave the default out, or make the value object required.'
      problems.report('EMBED_OPTION_MISPLACED', { path: [...at, 'default'], part: 'key' }, message, { hint })
    }
    if (part.readonly && !embed.readonly) {
      const message = `"${embed.name}" can be emptied as a whole, and "${part.name}" with it.`
      const hint = 'Make the whole value object readonly, or required.'
      problems.report('EMBED_OPTION_MISPLACED', { path: [...at, 'readonly'], part: 'key' }, message, { hint })
    }
  }
}
