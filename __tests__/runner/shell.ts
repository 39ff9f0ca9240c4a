import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import type { Strings } from './types'

export interface Shell {
  command: string
  args: (script: string) => string[]
  extension: string
  /** As the log shows it. */
  display: string
}

const templates: Strings = {
  bash: 'bash --noprofile --norc -e -o pipefail {0}',
  sh: 'sh -e {0}',
  python: 'python {0}',
}
const extensions: Strings = { bash: '.sh', sh: '.sh', python: '.py' }

/** The command line for a `shell:` value: a name the runner knows, or a template with `{0}`. */
export function resolveShell(shell: string, folders: string[]): Shell {
  const template = templates[shell] ?? shell
  if (!template.includes('{0}')) {
    throw new Error(
      "Invalid shell option. Shell must be a valid built-in (bash, sh, cmd, powershell, pwsh) or a format string containing '{0}'",
    )
  }
  const [name = '', ...rest] = template.trim().split(/\s+/)
  const command = which(name, folders)
  return {
    command,
    args: (script) => rest.map((part) => part.replaceAll('{0}', script)),
    extension: extensions[name] ?? '',
    display: [command, ...rest].join(' '),
  }
}

function which(name: string, folders: string[]): string {
  if (name.includes('/')) return name
  for (const folder of folders.flatMap((list) => list.split(path.delimiter))) {
    if (folder !== '' && isExecutable(path.join(folder, name))) return path.join(folder, name)
  }
  return name
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
