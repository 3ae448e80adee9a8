import { OperatorError } from '#base'
import { entityDiagram } from './diagrams/entity-diagram.ts'
import { entityDot } from './diagrams/entity-dot.ts'
import { entityMermaid } from './diagrams/entity-mermaid.ts'
import { renderSvg } from './diagrams/render-svg.ts'
import { stateDiagram } from './diagrams/state-diagram.ts'
import { stateDot } from './diagrams/state-dot.ts'
import { stateMermaid } from './diagrams/state-mermaid.ts'
import { entitiesNamed, type InspectPart } from './inspection.ts'

/** Entities and the ways between them. */
export const er: InspectPart = {
  formats: ['mermaid', 'svg', 'dot'],
  show(names, format, inspection) {
    const focus = names.length === 0 ? [] : entitiesNamed(names, inspection).map(({ name }) => name)
    const diagram = entityDiagram(inspection.model, { focus, detail: null })
    if (format === 'mermaid') return entityMermaid(diagram)
    const dot = entityDot(diagram)
    return format === 'dot' ? dot : renderSvg(dot, `Entities of ${inspection.model.app}`)
  },
}

/** States of an entity and the ways between them; of the only one that has some, when none is named. */
export const states: InspectPart = {
  formats: ['mermaid', 'svg', 'dot'],
  show(names, format, inspection) {
    const { model } = inspection
    const having = model.entities.filter(({ lifecycle }) => lifecycle !== null)
    const [entity, another] = names.length === 0 ? having : entitiesNamed(names, inspection)
    const diagram = entity === undefined || another !== undefined ? null : stateDiagram(model, entity)
    if (diagram === null)
      throw noStates(
        names,
        having.map(({ name }) => name),
      )
    if (format === 'mermaid') return stateMermaid(diagram)
    const dot = stateDot(diagram)
    return format === 'dot' ? dot : renderSvg(dot, `States of ${diagram.entity}`)
  },
}

function noStates(names: readonly string[], having: readonly string[]): OperatorError {
  const what = names.length === 1 ? `"${names[0]}" has no states.` : 'States are shown of one entity.'
  const hint = having.length === 0 ? 'No entity of this app has states.' : `Name one of ${having.join(', ')}.`
  return new OperatorError('INSPECT_NAME_UNKNOWN', what, hint)
}
