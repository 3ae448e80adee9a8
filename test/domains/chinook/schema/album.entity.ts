import { entity, formulas, int, many, money, one, string } from 'rowhouse/schema'

export const Album = entity('Album', {
  note: 'Tracks that came out together.',
  display: 'title',
  fields: { title: string({ max: 160, index: true }) },
  relations: { artist: one('Artist'), tracks: many('Track', { by: 'album' }) },
  computed: {
    trackCount: int(),
    milliseconds: int({ optional: true, note: 'How long it plays.' }),
    price: money({ currency: 'USD', note: 'Of all its tracks.' }),
  },
  sort: ['title'],
})

export const AlbumFormulas = formulas(Album, {
  trackCount: (a) => a.tracks.count(),
  milliseconds: (a) => a.tracks.sum((t) => t.milliseconds),
  price: (a) => a.tracks.sum((t) => t.unitPrice),
})
