import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { convertActionTemplate, parseAction } from '@actions/workflow-parser/actions/index'
import { NoOperationTraceWriter } from '@actions/workflow-parser/templates/trace-writer'
import { parse } from 'yaml'

/** A composite action as its file declares it; texts may hold `${{ … }}`. */
export interface ActionFile {
  /** Absolute folder of the file. */
  folder: string
  name: string
  inputs: InputDeclaration[]
  outputs: { id: string; value: string }[]
  steps: StepDeclaration[]
}

export interface InputDeclaration {
  id: string
  default: string
  deprecationMessage?: string | undefined
}

export interface StepDeclaration {
  /** Empty where the file gives none. */
  id: string
  /** `id`, or a made-up `__run`, `__run_2`, … */
  contextId: string
  name: string
  /** Condition with the implicit `success() &&` written out. */
  if: string
  run: string
  shell: string
  workingDirectory: string
  env: [name: string, value: string][]
  continueOnError: string
}

type Raw = Record<string, unknown>

/** Reads and checks `action.yml`; anything the schema or this runner does not take is thrown with its place. */
export async function readActionFile(folder: string): Promise<ActionFile> {
  const { file, content } = await readEither(path.resolve(folder))
  const conditions = checkSchema(file, content)
  const raw = asRaw(parse(content))
  const runs = asRaw(raw.runs)
  if (runs.using !== 'composite')
    throw new Error(`${file}: only composite actions can be run, not '${text(runs.using)}'`)
  const steps = (Array.isArray(runs.steps) ? runs.steps : []).map(asRaw)
  return {
    folder: path.resolve(folder),
    name: text(raw.name),
    inputs: Object.entries(asRaw(raw.inputs)).map(([id, value]) => readInput(id, asRaw(value))),
    outputs: Object.entries(asRaw(raw.outputs)).map(([id, value]) => ({ id, value: text(asRaw(value).value) })),
    steps: readSteps(file, steps, conditions),
  }
}

async function readEither(folder: string): Promise<{ file: string; content: string }> {
  for (const name of ['action.yml', 'action.yaml']) {
    const file = path.join(folder, name)
    const content = await readFile(file, 'utf8').catch(() => undefined)
    if (content !== undefined) return { file, content }
  }
  throw new Error(`${folder} holds neither action.yml nor action.yaml`)
}

/** GitHub's own schema; returns the condition of each step in order. */
function checkSchema(file: string, content: string): string[] {
  const { context, value } = parseAction({ name: file, content }, new NoOperationTraceWriter())
  const template = value === undefined ? undefined : convertActionTemplate(context, value)
  const errors = context.errors.getErrors()
  if (errors.length > 0 || template === undefined) {
    throw new Error(`${file} is not a valid action:\n${errors.map((e) => `  ${e.message}`).join('\n')}`)
  }
  if (template.runs.using !== 'composite') return []
  return template.runs.steps.map((step) => step.if?.expression ?? 'success()')
}

function readInput(id: string, raw: Raw): InputDeclaration {
  const message = raw.deprecationMessage
  return { id, default: text(raw.default), deprecationMessage: message === undefined ? undefined : text(message) }
}

function readSteps(file: string, steps: Raw[], conditions: string[]): StepDeclaration[] {
  const ids = new Set<string>()
  let unnamed = 0
  return steps.map((raw, index) => {
    const id = text(raw.id)
    if (id !== '' && ids.has(id.toLowerCase())) throw new Error(`${file}: the step id '${id}' is used twice`)
    ids.add(id.toLowerCase())
    if (id === '') unnamed++
    const made = unnamed === 1 ? '__run' : `__run_${unnamed}`
    return readStep(file, raw, { id, contextId: id || made, if: conditions[index] ?? 'success()' })
  })
}

function readStep(file: string, raw: Raw, known: Pick<StepDeclaration, 'id' | 'contextId' | 'if'>): StepDeclaration {
  const run = text(raw.run)
  if (raw.uses !== undefined) {
    const step = text(raw.name) || known.contextId
    throw new Error(`${file}: step '${step}' has 'uses: ${text(raw.uses)}'; this runner runs only 'run' steps`)
  }
  return {
    ...known,
    name: text(raw.name) || `Run ${run.trimStart().split('\n', 1)[0] ?? ''}`,
    run,
    shell: text(raw.shell),
    workingDirectory: text(raw['working-directory']),
    env: Object.entries(asRaw(raw.env)).map(([name, value]) => [name, text(value)]),
    continueOnError: text(raw['continue-on-error']),
  }
}

function asRaw(value: unknown): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {}
}

function text(value: unknown): string {
  return value === null || value === undefined ? '' : String(value)
}
