import { anything, policy, signedIn } from 'rowhouse/policies'
import { Album } from '../schema/album.entity.ts'
import { Artist } from '../schema/artist.entity.ts'
import { Genre, MediaType, Playlist } from '../schema/catalogue.entity.ts'
import { Track } from '../schema/track.entity.ts'

const catalogue = {
  'the catalogue is open to all who sign in': { allow: signedIn, to: 'read' },
  'managers keep the catalogue': { allow: 'manager', to: anything },
} as const

export const ArtistPolicy = policy(Artist, catalogue)
export const AlbumPolicy = policy(Album, catalogue)
export const GenrePolicy = policy(Genre, catalogue)
export const MediaTypePolicy = policy(MediaType, catalogue)
export const TrackPolicy = policy(Track, catalogue)
export const PlaylistPolicy = policy(Playlist, {
  ...catalogue,
  'support puts playlists together': { allow: 'support', to: ['create', 'update'], only: ['name', 'tracks'] },
})
