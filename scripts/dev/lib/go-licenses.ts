/** The licences of the Go modules that the parsers are made of. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../../__tests__/bed/process'

const LICENSE = /^(?:licen[cs]e|copying|notice)(?:[-.].*)?$/i
const OUR_OWN = 'finch-signing/'
const FORMAT =
  '{{if and .Module (not .Standard) (not .Module.Replace)}}{{.Module.Path}} {{.Module.Version}}{{"\\t"}}{{.Module.Dir}}{{end}}'

/** Names of modules with the text of their licences. */
export type Licenses = Record<string, string>

/** The licences of all modules from which a program takes a package; `words` are further ones for `go list`. */
export async function goLicenses(
  go: string,
  words: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Licenses> {
  const list = ['list', ...words, '-deps', '-f', FORMAT, '.']
  const { stdout } = await run(go, list, { ...options, timeoutMs: 600_000 })
  const lines = [...new Set(stdout.split('\n'))].filter((line) => line !== '' && !line.startsWith(OUR_OWN))
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', directory = ''] = line.split('\t')
      return [name, licenseTexts(name, directory)]
    }),
  )
}

/** The text that lists them: modules with the same licence together, and the text once. */
export function licensesText(licenses: Licenses): string {
  const names = new Map<string, string[]>()
  for (const [name, text] of Object.entries(licenses)) names.set(text, [...(names.get(text) ?? []), name])
  const parts = [...names].map(([text, those]) => `${those.sort().join('\n')}\n\n${text}\n`)
  return parts.sort().join(`\n${'-'.repeat(80)}\n\n`)
}

/** All licence files of a folder. Throws an Error where there is none. */
function licenseTexts(name: string, directory: string): string {
  const files = existsSync(directory) ? readdirSync(directory).filter((file) => LICENSE.test(file)) : []
  if (files.length === 0) throw new Error(`${name} in the reader has no licence`)
  const read = (file: string): string => readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n').trim()
  return files.sort().map(read).join('\n\n')
}
