/**
 * Every program that a run starts, with its arguments and environment, every file that it writes, and all that it says with
 * debug logging: no form of a secret is where it does not belong.
 */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Aws, startAws } from '../../bed/aws/aws'
import { which } from '../../bed/machine/apt'
import type { CosignKey } from '../../bed/sigstore/keys'
import { startSigstore } from '../../bed/sigstore/sigstore'
import type { ActionRun } from '../../runner/run-action'
import { titles } from '../support/evidence'
import { asText, workflowClaims } from '../support/sigstore'
import { filesBelow, formsOf, namesOfSecret, type Trace, traced } from '../support/traces'
import { type JobOptions, startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(180_000)

const PASSWORD = 'correct horse, "battery" & staple%'

let bench: Workbench
let key: CosignKey
let secrets: Record<string, string>
let home: string
let workspace: string

beforeAll(async () => {
  bench = await startWorkbench()
  key = await bench.bed.keys.cosign('key', PASSWORD)
  await bench.bed.makeImage({ name: 'audit:1', marker: 'audit' })
  const lines = key.privatePem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'))
  const forms = lines.map((line, index) => formsOf(`line ${index + 1} of the key`, line))
  secrets = Object.assign({}, formsOf('password', PASSWORD), formsOf('key', key.privatePem), ...forms)
  home = join(bench.bed.dir, 'audit-home')
  workspace = join(bench.bed.dir, 'audit-workspace')
  for (const folder of [home, workspace]) await mkdir(folder)
}, 40 * 60_000)

afterAll(async () => bench?.stop(), 60_000)

interface Looked {
  readonly run: ActionRun
  /** All that is in RUNNER_TEMP, home and workspace when the action has ended. */
  readonly left: string
}

async function looked(start: (job: JobOptions) => Promise<ActionRun>, job: JobOptions = {}): Promise<Looked> {
  let left = ''
  const run = await start({
    ...{ workspace, secrets: [key.privatePem, PASSWORD], ...job },
    env: { HOME: home, ...job.env },
    beforeWipe: async ({ temp }) => {
      const files = (await Promise.all([temp, home, workspace].map((folder) => filesBelow(folder)))).flat()
      left = (await Promise.all(files.map((file) => readFile(file, 'latin1').catch(() => '')))).join('\n')
    },
  })
  return { run, left }
}

function expectHidden({ run, left }: Looked, from: Readonly<Record<string, string>> = secrets): void {
  const shown = { log: run.log, raw: run.rawLog, outputs: JSON.stringify(run.outputs), summary: run.summary, left }
  for (const [place, text] of Object.entries(shown)) expect([place, ...namesOfSecret(from, text)]).toEqual([place])
}

const inputs = () => ({ image: 'audit:1', key: key.privatePem, 'key-password': PASSWORD })
const sign =
  (name: string, more: Record<string, string> = {}) =>
  (job: JobOptions) =>
    bench.sign({ ...inputs(), tags: `${bench.bed.registry.name}/${name}:1`, ...more }, job)
const verify = (name: string) => (job: JobOptions) =>
  bench.verify({ images: `${bench.bed.registry.name}/${name}:1`, key: key.publicPem }, job)

describe('with debug logging', () => {
  const debug = { runner: { debug: true } }

  test('a run that succeeds', async () => {
    for (const start of [sign('debug'), sign('debug-finch', { publish: 'finch' }), verify('debug')]) {
      const outcome = await looked(start, debug)
      expect(titles(outcome.run)).toEqual([])
      expect(outcome.run.rawLog).toContain('::debug::cosign')
      expectHidden(outcome)
    }
  })

  test('a run that fails: wrong password, a registry that refuses, a cosign that prints its environment', async () => {
    const proxy = await bench.proxy([{ method: 'PUT', path: /manifests/, status: 403 }])
    const telling = (real: string) =>
      `#!/bin/bash\nif [[ $1 == sign ]]; then env >&2; exit 1; fi\nexec '${real}' "$@"\n`
    const finch = await bench.otherFinch('telling', { replace: { cosign: telling } })
    const refused = await looked(sign('refused', { tags: `${proxy.name}/refused:1` }), debug)
    const wrong = await looked(sign('wrong', { 'key-password': `${PASSWORD}!` }), debug)
    const told = await looked(sign('told'), { ...debug, finch })
    for (const one of [refused, wrong, told]) {
      expect(one.run.outcome).toBe('failure')
      expectHidden(one)
    }
  })

  test('a KMS that fails shows no credentials of the cloud', async () => {
    const dir = join(bench.bed.dir, 'audit-aws')
    await mkdir(dir)
    const aws: Aws = await startAws(dir)
    try {
      const env = aws.env('222222222222', 'eu-west-1')
      const secret = env.AWS_SECRET_ACCESS_KEY ?? ''
      const forms = formsOf('secret of AWS', secret)
      const outcome = await looked(sign('kms', { key: 'awskms:///alias/none', 'key-password': '' }), {
        ...debug,
        env,
        secrets: [secret],
      })
      expect(outcome.run.outcome).toBe('failure')
      expectHidden(outcome, forms)
    } finally {
      await aws.stop()
    }
  })
})

test('secrets of the job under names that nobody knows reach no tool', async () => {
  const finch = await bench.otherFinch('recorded', { record: join(bench.bed.dir, 'recorded.jsonl') })
  const env = { NPM_TOKEN: 'npm-0123456789abcdef', DOCKERHUB_TOKEN: 'hub-0123456789abcdef' }
  await looked(sign('seen'), { env, finch })
  await looked(sign('seen-finch', { publish: 'finch' }), { env, finch })
  await looked(verify('seen'), { env, finch })
  const calls = await finch.calls()
  for (const tool of ['finch', 'nerdctl', 'cosign']) expect(calls.map((call) => call.tool)).toContain(tool)
  expect(calls.some(({ tool, argv }) => tool === 'nerdctl' && argv[0] === 'push')).toBe(true)
  expect(calls.filter(({ env: seen }) => Object.keys(env).some((name) => name in seen))).toEqual([])
})

/** Runs an action under strace: the shell that the runner starts, with all that comes of it. */
async function straced(name: string, start: (job: JobOptions) => Promise<ActionRun>): Promise<Trace | undefined> {
  const strace = await which('strace')
  if (strace === undefined) return undefined
  const folder = join(bench.bed.dir, `strace-${name}`)
  const bin = join(folder, 'bin')
  await mkdir(bin, { recursive: true })
  const calls = 'execve,openat,write,writev,pwrite64'
  const watch = `'${strace}' -f -ff --seccomp-bpf -v -s 20000 -y -e trace=${calls} -o '${folder}/trace'`
  const shell = `#!/bin/sh\ngrep -q 'TracerPid:.0$' "/proc/$$/status" && exec ${watch} /bin/bash "$@"\nexec /bin/bash "$@"\n`
  await writeFile(join(bin, 'bash'), shell)
  await chmod(join(bin, 'bash'), 0o755)
  const PATH = `${bin}:${bench.bed.finch.bin}:${process.env.PATH}`
  const { run } = await looked(start, { env: { PATH } })
  expect(titles(run)).toEqual([])
  return traced(folder)
}

describe('under strace', () => {
  test.each(['sign', 'verify'])('%s: arguments, environments, files', async (action) => {
    if (action === 'verify') await looked(sign('traced'))
    // With one form there is one call, and cosign gets the key as it was given.
    const one = { 'signature-format': 'bundle' }
    const trace = await straced(action, action === 'sign' ? sign('traced', one) : verify('traced'))
    if (trace === undefined) return expect(process.env.CI).toBeUndefined()
    const names = (words: readonly string[]) => namesOfSecret(secrets, words.join('\n'))
    expect(trace.started.length).toBeGreaterThan(10)
    expect(trace.started.filter(({ argv }) => names(argv).length > 0)).toEqual([])
    // The steps that are given the inputs, from the shell to Node, and of the tools cosign sign alone.
    const holders = trace.started.filter(({ env }) => names(env).length > 0).map(({ argv }) => holder(argv))
    const steps = ['node.sh keys', 'node.sh sign', 'index.js keys', 'index.js sign', 'step', 'shell', 'node --version']
    expect([...new Set(holders)].filter((name) => !steps.includes(name))).toEqual(
      action === 'sign' ? ['cosign sign'] : [],
    )
    expect(trace.written.filter((line) => namesOfSecret(secrets, line).length > 0)).toEqual([])
    const known = /^(\/dev\/|\/proc\/|pipe:|socket:|\/tmp\/runner-|\/tmp\/finch-signing-locks)/
    expect(trace.opened.filter((path) => !known.test(path) && !path.startsWith(bench.bed.dir))).toEqual([])
  })
})

test('under strace, without a key: the token of the job is in the environment of cosign sign alone', async () => {
  const sigstore = await startSigstore(join(bench.bed.dir, 'sigstore'), bench.bed.toolchain)
  try {
    const service = sigstore.issuer.service(workflowClaims())
    const none = { key: '', 'key-password': '', keyless: 'true', 'transparency-log': 'auto', ...asText(sigstore) }
    const start = (job: JobOptions) => sign('keyless', none)({ ...job, env: { ...job.env, ...service.env } })
    const trace = await straced('keyless', start)
    if (trace === undefined) return expect(process.env.CI).toBeUndefined()
    const [token = ''] = service.given
    const forms = { ...formsOf('token', token), ...formsOf('signature of the token', token.split('.')[2] ?? '') }
    expect(service.given).toHaveLength(1)
    expect(trace.started.filter(({ argv }) => namesOfSecret(forms, argv.join('\n')).length > 0)).toEqual([])
    const holders = trace.started.filter(({ env }) => namesOfSecret(forms, env.join('\n')).length > 0)
    expect([...new Set(holders.map(({ argv }) => holder(argv)))]).toEqual(['cosign sign'])
    expect(trace.written.filter((line) => namesOfSecret(forms, line).length > 0)).toEqual([])
    // What asks for tokens is kept from all tools.
    const request = formsOf('request token', service.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN)
    const tools = trace.started.filter(({ argv }) => /^(cosign|finch|nerdctl)/.test(holder(argv)))
    expect(tools.length).toBeGreaterThan(3)
    expect(tools.filter(({ env }) => namesOfSecret(request, env.join('\n')).length > 0)).toEqual([])
  } finally {
    await sigstore.stop()
  }
})

/** How a call is named: tool and command, or the step of the action that it belongs to. */
function holder(argv: readonly string[]): string {
  const [program = '', ...words] = argv
  const script = words.find((word) => /(node\.sh|index\.js)$/.test(word))
  if (script !== undefined) return `${basename(script)} ${words[words.indexOf(script) + 1]}`
  if (basename(program) === 'cosign') return `cosign ${words[0]}`
  if (words[0] === '--version') return 'node --version'
  if (words.some((word) => word.endsWith('.sh'))) return 'step'
  return /bash|readlink|env|grep$/.test(program) ? 'shell' : [basename(program), words[0] ?? ''].join(' ')
}
