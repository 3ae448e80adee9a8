import { entity, formulas, int, many, string } from 'rowhouse/schema'

export const Artist = entity('Artist', {
  note: 'Whoever made the music.',
  display: 'name',
  fields: { name: string({ max: 120, unique: true }) },
  relations: { albums: many('Album', { by: 'artist' }) },
  computed: { albumCount: int() },
  sort: ['name'],
})

export const ArtistFormulas = formulas(Artist, { albumCount: (a) => a.albums.count() })
