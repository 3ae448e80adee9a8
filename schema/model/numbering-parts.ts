/** A piece of a numbering's pattern. */
export type NumberingPart =
  | { readonly kind: 'text'; readonly text: string }
  /** `{0000}`: the count, with at least so many digits. */
  | { readonly kind: 'count'; readonly digits: number }
  | { readonly kind: 'date'; readonly part: DatePart }
  /** `{region}`: a value of the row. */
  | { readonly kind: 'field'; readonly name: string }

/** A piece of the day, in the words of Postgres' `to_char`. */
export type DatePart = 'YYYY' | 'YY' | 'MM' | 'DD'

/** Words of `per` that mean the day and not a field, each with the pieces of the day that tell its series apart. */
export const calendarSeries: Readonly<Record<string, readonly (readonly DatePart[])[]>> = {
  year: [['YYYY', 'YY']],
  month: [['YYYY', 'YY'], ['MM']],
  day: [['YYYY', 'YY'], ['MM'], ['DD']],
}

/** The pieces of a pattern, in order. Whatever is in braces and no count or day is a field, also where it is none. */
export function numberingParts(pattern: string): readonly NumberingPart[] {
  return pattern.split(/(\{[^{}]*\})/).flatMap((piece): readonly NumberingPart[] => {
    if (piece === '') return []
    const inside = /^\{(.*)\}$/s.exec(piece)?.[1]
    if (inside === undefined) return [{ kind: 'text', text: piece }]
    if (/^0+$/.test(inside)) return [{ kind: 'count', digits: inside.length }]
    if (isDatePart(inside)) return [{ kind: 'date', part: inside }]
    return [{ kind: 'field', name: inside }]
  })
}

function isDatePart(word: string): word is DatePart {
  return word === 'YYYY' || word === 'YY' || word === 'MM' || word === 'DD'
}
