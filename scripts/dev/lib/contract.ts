import { readFileSync } from 'node:fs'
import { ACTION_FILES, type ActionDeclarations, type ActionFileName } from './declarations'

type Contract = Record<ActionFileName, { inputs: string[]; outputs: string[] }>

/**
 * Where the action files differ from the names that workflows outside of this repository rely on. A new name belongs
 * into scripts/dev/contract.json in the same change; a name that vanishes is a break for the users.
 */
export function contractProblems(declared: Record<ActionFileName, ActionDeclarations>): string[] {
  const contract = JSON.parse(readFileSync(new URL('../contract.json', import.meta.url), 'utf8')) as Contract
  return ACTION_FILES.flatMap((file) =>
    (['inputs', 'outputs'] as const).flatMap((section) => {
      const found = declared[file][section].map(({ name }) => name)
      const wanted = contract[file][section]
      return [
        ...difference(wanted, found, `${file}: ${section} that are not declared`),
        ...difference(found, wanted, `${file}: ${section} that are not in scripts/dev/contract.json`),
      ]
    }),
  )
}

function difference(names: readonly string[], others: readonly string[], what: string): string[] {
  const missing = names.filter((name) => !others.includes(name))
  return missing.length === 0 ? [] : [`${what}: ${missing.join(', ')}`]
}
