import { entity, many, string } from 'rowhouse/schema'

export const Genre = entity('Genre', {
  note: 'What kind of music, or film, it is.',
  display: 'name',
  fields: { name: string({ max: 120, unique: true }) },
  relations: { tracks: many('Track', { by: 'genre' }) },
  sort: ['name'],
})

export const MediaType = entity('MediaType', {
  note: 'In which form a track is sold.',
  display: 'name',
  fields: { name: string({ max: 120, unique: true }) },
  relations: { tracks: many('Track', { by: 'mediaType' }) },
  sort: ['name'],
})

export const Playlist = entity('Playlist', {
  note: 'Tracks that go well together.',
  display: 'name',
  fields: { name: string({ max: 120 }) },
  relations: { tracks: many('Track', { link: true }) },
  sort: ['name'],
})
