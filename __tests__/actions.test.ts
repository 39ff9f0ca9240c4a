// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of actions
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'

const ROOT = resolve(import.meta.dirname, '..')

interface Step {
  readonly name: string
  readonly id?: string
  readonly if?: string
  readonly shell: string
  readonly run: string
  readonly env?: Readonly<Record<string, string>>
}
interface Action {
  readonly inputs: Readonly<Record<string, { description: string; default?: string; required?: boolean }>>
  readonly outputs: Readonly<Record<string, { description: string; value: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly Step[] }
}

const TOOLS = ['finch-version', 'cosign-version', 'github-token', 'download-url', 'finch-sha256', 'cosign-sha256']
/** The contract of the suite: names that workflows outside of this repository use. */
const CONTRACT: Readonly<Record<string, { inputs: readonly string[]; outputs: readonly string[] }>> = {
  'action.yml': {
    inputs: TOOLS,
    outputs: ['finch-version', 'finch-path', 'cosign-version', 'cosign-path', 'cache-hit', 'docker-host'],
  },
  'sign/action.yml': {
    inputs: [
      ...['image', 'tags', 'compose-file', 'compose-services', 'compose-build', 'key', 'key-password', 'public-key'],
      ...['annotations', 'publish', 'platforms', 'signature-format', 'recursive', 'transparency-log', 'registry-auth'],
      ...['login', 'aws-region', 'create-repository', 'sigstore-signing-config', 'sigstore-trusted-root', 'verify-key'],
      ...[
        'signature-repository',
        'keyless',
        'identity-token',
        'provenance',
        'attestations',
        'dry-run',
        'timeout',
        ...TOOLS,
      ],
    ],
    outputs: ['digest', 'image', 'key-fingerprint', 'signature', 'bundle-path', 'images', 'report-path'],
  },
  'verify/action.yml': {
    inputs: [
      ...['images', 'compose-file', 'compose-services', 'files', 'policy', 'key', 'threshold', 'annotations'],
      ...['certificate-identity', 'certificate-identity-regexp', 'certificate-oidc-issuer', 'signer-repository'],
      ...['signer-workflow', 'attestations', 'transparency-log', 'pull'],
      ...['run', 'run-options', 'run-command', 'changed-only', 'allow-unresolved', 'sigstore-trusted-root', 'dry-run'],
      ...['allow-trust-change', 'signature-repository'],
      ...['mode', 'login', 'registry-auth', 'aws-region', 'timeout', ...TOOLS],
    ],
    outputs: ['result', 'verified', 'digest', 'image', 'compose-override', 'images', 'report-path'],
  },
}
const STEPS: Readonly<Record<string, readonly string[]>> = {
  'action.yml': ['Install tools'],
  'sign/action.yml': ['Install tools', 'Load keys', 'Log in', 'Tag, push and sign', 'Clean up'],
  'verify/action.yml': ['Install tools', 'Load keys', 'Log in', 'Pull and verify', 'Clean up'],
}
/** Defaults of the contract that are not empty. */
const DEFAULTS: Readonly<Record<string, string>> = {
  'finch-version': '1.18.0',
  'cosign-version': 'bundled',
  'github-token': '${{ github.token }}',
  publish: 'atomic',
  'signature-format': 'auto',
  recursive: 'auto',
  'transparency-log': 'auto',
  login: 'auto',
  'create-repository': 'false',
  keyless: 'false',
  provenance: 'false',
  'dry-run': 'false',
  timeout: '10m',
  threshold: '1',
  pull: 'true',
  run: 'false',
  'changed-only': 'false',
  'allow-unresolved': 'false',
  'allow-trust-change': 'false',
  mode: 'enforce',
  'compose-build': 'false',
}

/** Where each step reads its inputs. */
const READERS: Readonly<Record<string, readonly string[]>> = {
  setup: ['inputs/setup', 'commands/setup'],
  keys: [
    'inputs/keys',
    'inputs/sign/plan-inputs',
    'inputs/sign/promotion',
    'commands/sign-keys',
    'commands/sign/compose-plan',
    'commands/sign/plan',
    'commands/sign/predicates',
    'inputs/sign/attestations',
    'inputs/sign/keyless',
  ],
  plan: [
    'inputs/verify/plan-inputs',
    'inputs/verify/signers',
    'inputs/sigstore',
    'inputs/keys',
    'commands/verify-plan',
  ],
  login: ['inputs/login', 'commands/login'],
  sign: [
    'inputs/sign/sign-inputs',
    'inputs/sign/keyless',
    'inputs/sigstore',
    'inputs/keys',
    'commands/sign',
    'commands/keys/signing-keys',
  ],
  verify: ['inputs/verify/verify-inputs', 'inputs/sigstore', 'commands/verify'],
  cleanup: [],
}
const actions = new Map(
  Object.keys(CONTRACT).map((path) => [path, parse(readFileSync(join(ROOT, path), 'utf8')) as Action]),
)
const steps = [...actions].flatMap(([path, action]) => action.runs.steps.map((step) => ({ path, action, step })))
const variableOf = (input: string): string => `INPUT_${input.toUpperCase().replaceAll('-', '_')}`
const commandOf = (step: Step): string => /node\.sh" (\w+)/.exec(step.run)?.[1] ?? ''

/** Names of inputs that a step's sources read, as far as the text of the sources tells. */
function namesRead(step: string): string[] {
  const text = (READERS[step] ?? []).map((file) => readFileSync(join(ROOT, 'src', `${file}.ts`), 'utf8')).join('\n')
  const calls = [
    ...text.matchAll(
      /(?:inputs|inputs: InputReader)\s*\.(?:text|raw|lines|names|boolean|choice|count|duration|annotations)\(\s*'([a-z0-9-]+)'/g,
    ),
  ]
  const versions = [...text.matchAll(/read(?:Version|One)\(inputs, '([a-z0-9-]+)'/g)]
  const constant = text.includes('KEY_INPUT') ? ['key'] : []
  return [...new Set([...[...calls, ...versions].map((found) => found[1] ?? ''), ...constant])]
}

describe.each([...actions])('%s', (path, action) => {
  test('has the inputs and outputs of the contract', () => {
    expect(Object.keys(action.inputs).sort()).toEqual([...(CONTRACT[path]?.inputs ?? [])].sort())
    expect(Object.keys(action.outputs).sort()).toEqual([...(CONTRACT[path]?.outputs ?? [])].sort())
  })

  test('has the defaults of the contract', () => {
    for (const [name, { default: standard }] of Object.entries(action.inputs)) {
      expect([name, String(standard)]).toEqual([name, DEFAULTS[name] ?? ''])
    }
  })

  test('has its steps, in their order', () => {
    expect(action.runs.using).toBe('composite')
    expect(action.runs.steps.map((step) => step.name)).toEqual(STEPS[path])
  })

  test('hands every input to a step, under its own name', () => {
    const all = Object.assign({}, ...action.runs.steps.map((step) => step.env)) as Record<string, string>
    for (const name of Object.keys(action.inputs))
      expect([name, all[variableOf(name)]]).toEqual([name, `\${{ inputs.${name} }}`])
  })

  test('takes its outputs from steps that it has', () => {
    const ids = action.runs.steps.map((step) => step.id)
    for (const { value } of Object.values(action.outputs)) {
      const [, id] = /steps\.([a-z]+)\.outputs\./.exec(value) ?? []
      expect(ids).toContain(id)
    }
  })

  test('describes everything', () => {
    for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)])
      expect(description).toMatch(/\S/)
  })
})

describe.each(steps.map(({ path, action, step }) => ({ title: `${path}: ${step.name}`, action, step })))(
  '$title',
  ({ action, step }) => {
    test('runs by bash, as that process itself, with no expression in the command', () => {
      expect(step.shell).toBe('bash')
      expect(step.run).toMatch(/^exec bash "\$GITHUB_ACTION_PATH\/(\.\.\/)?scripts\/node\.sh" [a-z ]+$/)
      expect(step.run).not.toContain('${{')
    })

    test('gets each input that it reads', () => {
      const missing = namesRead(commandOf(step)).filter(
        (name) => name in action.inputs && step.env?.[variableOf(name)] === undefined,
      )
      expect(missing).toEqual([])
    })

    test('gets secrets only where they are used', () => {
      const given = Object.keys(step.env ?? {})
      const usesKeys = ['keys', 'plan', 'sign'].includes(commandOf(step))
      if (!usesKeys) expect(given.filter((name) => /^INPUT_KEY(_PASSWORD)?$/.test(name))).toEqual([])
      if (commandOf(step) !== 'login') expect(given).not.toContain('INPUT_REGISTRY_AUTH')
      if (commandOf(step) !== 'setup') expect(given).not.toContain('INPUT_GITHUB_TOKEN')
    })

    test('only cleans up always', () => {
      expect(step.if).toBe(commandOf(step) === 'cleanup' ? 'always()' : undefined)
    })
  },
)
