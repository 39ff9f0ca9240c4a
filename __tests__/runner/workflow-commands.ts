import type { Masker } from './masks'
import type { Report } from './report'
import type { Annotation, Level, Strings } from './types'

/** A parsed `::name key=value,…::data` (or the older `##[name key=value;…]data`). */
export interface WorkflowCommand {
  name: string
  properties: Strings
  data: string
}

const known = new Set([
  ...['add-mask', 'add-matcher', 'remove-matcher', 'add-path', 'debug', 'echo', 'endgroup', 'error', 'group', 'notice'],
  ...['save-state', 'set-env', 'set-output', 'stop-commands', 'warning'],
])

/** Reads a command from a line; `undefined` for any other line and for unknown commands. */
export function parseCommand(line: string, extra = ''): WorkflowCommand | undefined {
  const modern = /^\s*::([^\s:]+)(?:\s+(.*?))?::(.*)$/s.exec(line)
  const legacy = modern === null ? /##\[([^\s\]]+)(?:\s+([^\]]*))?\](.*)$/s.exec(line) : null
  const match = modern ?? legacy
  const name = match?.[1]?.toLowerCase()
  if (match === null || name === undefined || !(known.has(name) || (extra !== '' && match[1] === extra)))
    return undefined
  const properties = splitProperties(match[2] ?? '', modern === null ? ';' : ',')
  return { name: known.has(name) ? name : extra, properties, data: decode(match[3] ?? '') }
}

function splitProperties(list: string, separator: string): Strings {
  const pairs = list.split(separator).flatMap((item): [string, string][] => {
    const at = item.indexOf('=')
    return at > 0 ? [[item.slice(0, at).trim().toLowerCase(), decode(item.slice(at + 1))]] : []
  })
  return Object.fromEntries(pairs)
}

function decode(value: string): string {
  const characters: Strings = { '0D': '\r', '0A': '\n', '3A': ':', '2C': ',', '25': '%' }
  return value.replace(/%(0D|0A|3A|2C|25)/gi, (all, code: string) => characters[code.toUpperCase()] ?? all)
}

/** Deals with the lines of one step's process. */
export interface LineHandler {
  line: (line: string) => void
  /** Outputs of the deprecated `::set-output`. */
  outputs: Strings
  /** Whether a refused command must fail the step. */
  failed: () => boolean
}

/** Renders a step's lines into the report and obeys its workflow commands. */
export function createLineHandler(report: Report, masker: Masker): LineHandler {
  const outputs: Strings = {}
  let failed = false
  let stopToken = ''
  const refuse = (name: string): void => {
    failed = true
    report.error(`Unable to process command '::${name}' successfully.`)
    report.error(`The \`${name}\` command is disabled. Please upgrade to using Environment Files.`)
  }
  const obey = (command: WorkflowCommand): void => {
    const { name, data, properties } = command
    if (name === 'add-mask') addMask(data, report, masker)
    else if (name === 'debug') report.debug(data)
    else if (name === 'group') report.output(`##[group]${data}`)
    else if (name === 'endgroup') report.output('##[endgroup]')
    else if (name === 'stop-commands') stopToken = data
    else if (name === 'error' || name === 'warning' || name === 'notice')
      report.issue(annotation(name, data, properties))
    else if (name === 'set-env' || name === 'add-path') refuse(name)
    else if (name === 'set-output' || name === 'save-state') {
      report.issue({ level: 'warning', message: `The \`${name}\` command is deprecated and will be disabled soon.` })
      if (name === 'set-output') outputs[properties.name ?? ''] = data
    }
  }
  const line = (text: string): void => {
    const command = parseCommand(text, stopToken)
    report.raw(command?.name === 'add-mask' && stopToken === '' ? '::add-mask::' : text)
    if (stopToken !== '' && command?.name === stopToken) stopToken = ''
    else if (command === undefined || stopToken !== '') report.output(text)
    else obey(command)
  }
  return { line, outputs, failed: () => failed }
}

function addMask(value: string, report: Report, masker: Masker): void {
  if (value.trim() !== '') masker.add(value)
  else report.issue({ level: 'warning', message: "Can't add secret mask for empty string in ##[add-mask] command." })
}

function annotation(level: Level, message: string, properties: Strings): Annotation {
  const { title, file, line, col } = properties
  return {
    level,
    message,
    ...(title ? { title } : {}),
    ...(file ? { file } : {}),
    ...(line ? { line: Number.parseInt(line, 10) } : {}),
    ...(col ? { col: Number.parseInt(col, 10) } : {}),
  }
}
