import type { ActionError } from '../domain/errors/action-error'
import { inputInvalid } from '../domain/errors/input-errors'
import { listItems, nameItems } from './lines'

const DURATION = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/
const LONGEST = 6 * 60 * 60 * 1000

/** Reads the inputs of an action, which its steps map to variables: `finch-version` is `INPUT_FINCH_VERSION`. */
export class InputReader {
  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  /** The input as it was given, without white space around it. */
  text(name: string): string {
    return this.raw(name).trim()
  }

  /** The input byte for byte, for secrets whose white space may belong to them. */
  raw(name: string): string {
    return this.environment[`INPUT_${name.toUpperCase().replaceAll('-', '_')}`] ?? ''
  }

  lines(name: string): string[] {
    return listItems(this.raw(name))
  }

  names(name: string): string[] {
    return nameItems(this.raw(name))
  }

  boolean(name: string): boolean {
    const text = this.text(name).toLowerCase()
    if (text === 'true') return true
    if (text === 'false' || text === '') return false
    throw invalid(name, this.text(name), 'It is either true or false.')
  }

  /** One of the listed words; empty text is the first of them. */
  choice<T extends string>(name: string, choices: readonly [T, ...T[]]): T {
    const text = this.text(name)
    if (text === '') return choices[0]
    const found = choices.find((choice) => choice === text)
    if (found !== undefined) return found
    throw invalid(name, text, `Choose one of: ${choices.join(', ')}.`)
  }

  /** A whole number of at least 1. */
  count(name: string, standard: number): number {
    const text = this.text(name)
    if (text === '') return standard
    if (!/^[1-9]\d{0,3}$/.test(text)) throw invalid(name, text, 'It is a whole number, 1 or more.')
    return Number(text)
  }

  /** A duration such as `90s`, `10m`, `1h30m`, in milliseconds. */
  duration(name: string, standard: string): number {
    const text = this.text(name) || standard
    const [, hours = '0', minutes = '0', seconds = '0'] = DURATION.exec(text) ?? []
    const milliseconds = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
    if (milliseconds > 0 && milliseconds <= LONGEST) return milliseconds
    throw invalid(name, text, 'Write it as 90s, 10m or 1h30m, six hours at most.')
  }

  /** `name=value` lines. */
  annotations(name: string): Record<string, string> {
    const pairs = this.lines(name).map((line) => {
      const [, key, value] = /^([^=\s]+)\s*=\s*(.*)$/.exec(line) ?? []
      if (key === undefined || value === undefined) throw invalid(name, line, 'Write name=value on each line.')
      if (value.includes('=')) throw invalid(name, line, 'cosign takes no value with a = in it; use another sign.')
      return [key, value] as const
    })
    const names = pairs.map(([key]) => key)
    const twice = names.find((key, index) => names.indexOf(key) !== index)
    if (twice !== undefined) throw invalid(name, twice, 'Each name may stand there once.')
    return Object.fromEntries(pairs)
  }
}

function invalid(name: string, text: string, hint: string): ActionError {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text
  return inputInvalid(name, {
    what: `The input "${name}" is "${shown}".`,
    hint,
  })
}
