import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Package {
  readonly name: string
  readonly version: string
  readonly license?: string
}

/** The packages that files belong to, those with the same licence text together and the text once. */
export function licensesOf(files: readonly string[]): string {
  const folders = new Set(files.flatMap((file) => packageFolder(file) ?? []))
  const packages = new Map<string, string[]>()
  for (const folder of folders) {
    const { name, version, license } = readPackage(folder)
    if (license === undefined) throw new Error(`${name} in the bundle names no licence`)
    const text = [license, ...licenseTexts(folder)].join('\n\n')
    packages.set(text, [...(packages.get(text) ?? []), `${name} ${version}`])
  }
  const parts = [...packages].map(([text, names]) => `${[...new Set(names)].sort().join('\n')}\n\n${text}\n`)
  return parts.sort().join(`\n${'-'.repeat(80)}\n\n`)
}

/** The folder of the package that a file comes from; undefined for this repository's own. */
function packageFolder(file: string): string | undefined {
  return /.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replaceAll('\\', '/'))?.[0]
}

function readPackage(folder: string): Package {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package
}

function licenseTexts(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|notice|copying)(\.(md|txt))?$/i.test(name))
  return names.sort().map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim())
}
