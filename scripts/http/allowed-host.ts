/** True for a URL that one of the entries is about: `api.example.com`, `*.example.com`, `api.example.com:8443`, `http://api.example.com`. */
export function isAllowedHost(url: URL, entries: readonly string[]): boolean {
  return entries.some((entry) => matches(url, entry.toLowerCase()))
}

function matches(url: URL, entry: string): boolean {
  const {
    scheme = 'https:',
    host,
    port,
  } = /^(?:(?<scheme>https?:)\/\/)?(?<host>[^:/]+)(?::(?<port>\d+))?$/.exec(entry)?.groups ?? {}
  if (host === undefined || url.protocol !== scheme) return false
  const usual = scheme === 'https:' ? '443' : '80'
  if ((url.port === '' ? usual : url.port) !== (port ?? usual)) return false
  return host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host
}
