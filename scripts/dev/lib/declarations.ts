import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** The files of the three actions, in the order in which the README shows them. */
export const ACTION_FILES = ['action.yml', 'sign/action.yml', 'verify/action.yml'] as const

export type ActionFileName = (typeof ACTION_FILES)[number]

/** An input or an output as its action file declares it. */
export interface Declaration {
  readonly name: string
  readonly description: string
  /** Of an input: its default. */
  readonly standard?: string
}

export interface ActionDeclarations {
  readonly inputs: readonly Declaration[]
  readonly outputs: readonly Declaration[]
}

type Raw = Record<string, { description?: unknown; default?: unknown } | null>

/** What the three action files declare. */
export function readDeclarations(): Record<ActionFileName, ActionDeclarations> {
  return Object.fromEntries(ACTION_FILES.map((file) => [file, readFile(file)])) as Record<
    ActionFileName,
    ActionDeclarations
  >
}

function readFile(file: string): ActionDeclarations {
  const raw = parse(readFileSync(file, 'utf8')) as { inputs?: Raw; outputs?: Raw }
  return { inputs: read(raw.inputs ?? {}, true), outputs: read(raw.outputs ?? {}, false) }
}

function read(entries: Raw, isInput: boolean): Declaration[] {
  return Object.entries(entries).map(([name, value]) => ({
    name,
    description: String(value?.description ?? '').trim(),
    ...(isInput ? { standard: String(value?.default ?? '') } : {}),
  }))
}
