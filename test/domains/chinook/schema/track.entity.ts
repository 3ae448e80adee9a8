import { concat, entity, formulas, int, int64, many, money, one, string } from 'rowhouse/schema'

export const Track = entity('Track', {
  note: 'What is sold: one song, or one episode.',
  display: 'name',
  fields: {
    name: string({ max: 200, index: true }),
    composer: string({ max: 220, optional: true }),
    milliseconds: int({ min: 1, note: 'How long it plays.' }),
    bytes: int64({ min: '0', optional: true }),
    unitPrice: money({ currency: 'USD', min: '0' }),
  },
  relations: {
    album: one('Album', { optional: true, onDelete: 'setNull' }),
    genre: one('Genre', { optional: true }),
    mediaType: one('MediaType'),
    playlists: many('Playlist', { by: 'tracks' }),
    sales: many('InvoiceLine', { by: 'track' }),
  },
  computed: { caption: string(), timesSold: int({ optional: true }) },
  sort: ['name'],
})

export const TrackFormulas = formulas(Track, {
  caption: (t) => concat(t.name, ' by ', t.album.artist.name),
  timesSold: (t) => t.sales.sum((s) => s.quantity),
})
