import type { ActionFile } from './action-file'
import { interpolate, type Scope } from './expression'
import type { Report } from './report'
import type { Strings } from './types'

/** The `inputs` context: given values, then defaults. Nothing enforces `required`; unknown names only warn. */
export function resolveInputs(action: ActionFile, given: Strings, scope: Scope, report: Report): Strings {
  const byName = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]))
  const known = new Set(action.inputs.map((input) => input.id.toLowerCase()))
  const unknown = Object.keys(given).filter((name) => !known.has(name.toLowerCase()))
  if (unknown.length > 0) {
    const [names, valid] = [unknown, action.inputs.map((input) => input.id)].map(quoted)
    report.issue({ level: 'warning', message: `Unexpected input(s) ${names}, valid inputs are [${valid}]` })
  }
  const inputs = action.inputs.map((input): [string, string] => {
    const value = byName.get(input.id.toLowerCase())
    if (value !== undefined && input.deprecationMessage !== undefined) {
      const message = `Input '${input.id}' has been deprecated with message: ${input.deprecationMessage}`
      report.issue({ level: 'warning', message })
    }
    return [input.id, value ?? interpolate(input.default, scope)]
  })
  return Object.fromEntries(inputs)
}

function quoted(names: string[]): string {
  return names.map((name) => `'${name}'`).join(', ')
}
