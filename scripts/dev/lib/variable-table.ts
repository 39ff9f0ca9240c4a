import { ALLOWED, FAMILIES, type FamilyName, type ToolKind } from '../../../src/domain/calls/tool-variables'
import { code, replacePart, table } from './tables'

const TOOLS = Object.keys(ALLOWED) as ToolKind[]

/** The text of docs/environment.md with its table of allowed variables written anew. */
export function replaceVariableTable(text: string): string {
  return replacePart(text, 'variables', table(['Variables', 'Reach', 'What they are'], rows()))
}

function rows(): string[][] {
  const clouds: Partial<Record<FamilyName, string>> = { aws: 'awskms', google: 'gcpkms', azure: 'azurekms' }
  return (Object.keys(FAMILIES) as FamilyName[]).map((family) => {
    const { names, about, why } = FAMILIES[family]
    const tools = TOOLS.filter((tool) => (ALLOWED[tool] as readonly FamilyName[]).includes(family))
    const scheme = family === 'vault' ? 'hashivault' : clouds[family]
    const calls = scheme === undefined ? [] : [`calls with a key of ${code(`${scheme}://`)}`]
    const reach = tools.length === TOOLS.length ? 'all' : [...tools, ...calls].join(', ')
    return [names.map(code).join(', '), reach, `${about}: ${why}`]
  })
}
