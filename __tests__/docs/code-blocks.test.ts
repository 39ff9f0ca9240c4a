import { readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { readDeclarations } from '../../scripts/dev/lib/declarations'
import { readAnyPolicy } from '../../src/domain/verification/policy/read-policy'
import { prepareActionlint, prepareShellcheck } from '../bed/build/linters'
import { run } from '../bed/process'
import { composeServices } from '../support/compose'
import { codeBlocks, read, root } from './documents'

const blocks = codeBlocks()
const isCompose = (text: string) => /^services:/m.test(text)
const yaml = blocks.filter(({ language }) => language === 'yaml')
/** Policies and registries.d files of verifiers, whole or in part. */
const isSetUp = (text: string) => /^(?:apiVersion: policy\.sigstore\.dev|authorities:|verifyImages:|docker:)/.test(text)
const workflows = yaml.filter(({ text }) => !isCompose(text) && !isSetUp(text))
const ofLanguage = (language: string) => blocks.filter((block) => block.language === language)
const examples = readdirSync(path.join(root, 'examples'))
  .filter((name) => name.endsWith('.yml'))
  .map((name) => `examples/${name}`)

let folder = ''
let actionlint = ''
let shellcheck = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'documents-'))
  ;[actionlint, shellcheck] = await Promise.all([prepareActionlint(), prepareShellcheck()])
}, 900_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

/** A list of steps becomes a workflow around it; a workflow stays as it is. */
function asWorkflow(text: string): string {
  if (!/^- /.test(text)) return text
  const steps = text.replace(/^(?=.)/gm, '      ')
  return `on: push\npermissions: {}\njobs:\n  one:\n    runs-on: ubuntu-24.04\n    steps:\n${steps}`
}

/** actionlint knows no addresses in `uses:`, which other forges take. */
function ofGithub(workflow: string): string {
  return workflow.replaceAll(/uses: https:\/\/[a-z.]+\//g, 'uses: ')
}

describe('code blocks of the documents', () => {
  it('are of the languages that are checked here', () => {
    expect([...new Set(blocks.map((block) => block.language))].sort()).toEqual(['json', 'mermaid', 'shell', 'yaml'])
  })

  it.each(yaml.filter(({ text }) => isCompose(text)))('$place is a compose file', ({ text }) => {
    const [services, problems] = composeServices(text)
    expect([services.length > 0, problems]).toEqual([true, []])
  })

  it.each(workflows)('$place is a workflow that actionlint accepts', async ({ text }) => {
    const file = path.join(folder, `${Math.random().toString(36).slice(2)}.yml`)
    await writeFile(file, ofGithub(asWorkflow(text)))
    const options = ['-no-color', `-shellcheck=${shellcheck}`, '-config-file', '.github/actionlint.yaml']
    const { code, stdout } = await run(actionlint, [...options, file], { check: false, cwd: root })
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  })

  it.each(yaml.filter(({ text }) => isSetUp(text)))('$place is YAML, and a policy that verify reads', ({ text }) => {
    const content: unknown = parse(text)
    expect(content).toBeInstanceOf(Object)
    if (text.startsWith('apiVersion: policy')) expect(readAnyPolicy([{ text, source: 'x' }]).kind).toBe('cluster')
  })

  it.each(ofLanguage('shell'))('$place is a script that shellcheck accepts', async ({ text }) => {
    const { code, stdout } = await run(shellcheck, ['--shell=bash', '-'], { check: false, input: text })
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  })

  it.each(ofLanguage('json'))('$place is JSON', ({ text }) => {
    expect(() => JSON.parse(text)).not.toThrow()
  })

  it.each(ofLanguage('mermaid'))('$place closes what it opens', ({ text }) => {
    expect(text.match(/^\s*subgraph /gm)?.length ?? 0).toBe(text.match(/^\s*end$/gm)?.length ?? 0)
  })

  it('call npm scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const called = ofLanguage('shell').flatMap(({ text }) => [...text.matchAll(/^npm (?:run )?(\S+)/gm)])
    expect(called.map(([, name]) => name).filter((name) => scripts[name ?? ''] === undefined)).toEqual([])
  })
})

describe('workflows that call our actions', () => {
  const declared = readDeclarations()
  const sources = [...workflows, ...examples.map((file) => ({ place: file, text: read(file) }))].map(
    ({ place, text }) => ({ place, text: asWorkflow(text) }),
  )

  it.each(sources)('$place uses inputs and outputs that they declare', ({ text }) => {
    const unknown = callsIn(parse(text)).flatMap(({ folder: at, inputs, id }) => {
      const file = at === '' ? 'action.yml' : (`${at}/action.yml` as 'sign/action.yml' | 'verify/action.yml')
      const known = declared[file].inputs.map((input) => input.name)
      const used = [...text.matchAll(new RegExp(`steps\\.${id}\\.outputs\\.([a-z-]+)`, 'g'))].map(
        ([, name]) => name ?? '',
      )
      const outputs = declared[file].outputs.map((output) => output.name)
      return [...inputs.filter((name) => !known.includes(name)), ...used.filter((name) => !outputs.includes(name))]
    })
    expect(unknown).toEqual([])
  })
})

interface Call {
  readonly folder: string
  readonly id: string
  readonly inputs: string[]
}

function callsIn(value: unknown): Call[] {
  if (Array.isArray(value)) return value.flatMap(callsIn)
  if (typeof value !== 'object' || value === null) return []
  const { uses, with: inputs, id } = value as { uses?: unknown; with?: object; id?: string }
  const at =
    typeof uses === 'string'
      ? /^(?:OWNER|https:\/\/forge\.example\.com\/ORG)\/finch-signing(?:\/(sign|verify))?@v1$/.exec(uses)
      : null
  if (at !== null) return [{ folder: at[1] ?? '', id: id ?? 'none', inputs: Object.keys(inputs ?? {}) }]
  return Object.values(value).flatMap(callsIn)
}
