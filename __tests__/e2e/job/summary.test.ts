/** The commands that a summary shows: copied from it and run as they stand. */
import { copyFile, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { bareEnv, type RunResult, run } from '../../bed/process'
import type { CosignKey } from '../../bed/sigstore/keys'
import { type Sigstore, startSigstore } from '../../bed/sigstore/sigstore'
import type { ActionRun } from '../../runner/run-action'
import { ec, made } from '../support/key-forms'
import { asText } from '../support/sigstore'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(120_000)

type Inputs = Record<string, string>

/** For root sudo has nothing to do; for others it must not lose the PATH of the bed. */
const SUDO = `sudo() { if ((EUID == 0)); then env "$@"; else command sudo env "PATH=$PATH" "$@"; fi; }`

let bench: Workbench
let sigstore: Sigstore
let key: CosignKey
let host: string

beforeAll(async () => {
  bench = await startWorkbench()
  sigstore = await startSigstore(join(bench.bed.dir, 'sigstore'), bench.bed.toolchain)
  key = await bench.bed.keys.quick('key', 'a password')
  host = bench.bed.registry.name
}, 40 * 60_000)

afterAll(async () => {
  await sigstore?.stop()
  await bench?.stop()
}, 60_000)

async function sign(name: string, inputs: Inputs = {}): Promise<ActionRun> {
  const image = await bench.bed.makeImage({ name: `${name}:1`, marker: name })
  const own = { image: image.name, tags: `${host}/${name}:1`, key: key.privatePem, 'key-password': key.password }
  const done = await bench.sign({ ...own, ...inputs })
  expect(done.outcome).toBe('success')
  return done
}

/** The shell blocks of a summary, in their order. */
function blocksOf({ summary }: ActionRun): string[] {
  return [...summary.matchAll(/^```shell\n([\s\S]*?)\n```$/gm)].map(([, text]) => text ?? '')
}

/** Runs lines one after the other in a folder of their own, up to the first that fails. */
async function perform(lines: string): Promise<RunResult> {
  const cwd = await mkdtemp(join(bench.bed.dir, 'reader-'))
  await copyFile(sigstore.trustedRoot.file, join(cwd, 'trusted-root.json'))
  const { bin, libexec } = bench.bed.finch
  const env = bareEnv(join(cwd), { PATH: `${bin}:${libexec}:${process.env.PATH ?? ''}` })
  return run('bash', ['-eu', '-c', `${SUDO}\n${lines}`], { cwd, env, check: false })
}

const p384 = made('SEC1 P-384', ec('P-384'), { type: 'sec1' })
const other = made('PKCS#8 P-256', ec('P-256'), { type: 'pkcs8' })

describe('the commands in the summary of sign', () => {
  const ways: [string, string, () => Inputs, string[]][] = [
    ['without a log', 'plain', () => ({}), [' --insecure-ignore-tlog', 'COSIGN_INSECURE_IGNORE_TLOG=true']],
    [
      'in the older format',
      'legacy',
      () => ({ 'signature-format': 'legacy' }),
      [' --insecure-ignore-tlog', 'COSIGN_INSECURE_IGNORE_TLOG=true'],
    ],
    [
      'by a P-384 key',
      'large',
      () => ({ key: p384.privatePem, 'key-password': '' }),
      [' --signature-digest-algorithm=sha384', 'COSIGN_SIGNATURE_DIGEST_ALGORITHM=sha384'],
    ],
    [
      'in the log of a private Sigstore',
      'own-log',
      () => ({ 'transparency-log': 'public', ...asText(sigstore) }),
      [' --trusted-root=trusted-root.json', 'COSIGN_TRUSTED_ROOT=trusted-root.json'],
    ],
  ]

  test.each(ways)('verify what was signed %s, and need each of their options', async (_, name, inputs, needed) => {
    const [keys = '', byCosign = '', byFinch = ''] = blocksOf(await sign(name, inputs()))
    for (const [index, command] of [byCosign, byFinch].entries()) {
      const right = await perform(`${keys}\n${command}`)
      expect({ code: right.code, said: right.code === 0 ? '' : right.stderr }).toEqual({ code: 0, said: '' })
      const option = needed[index] ?? ''
      expect(command).toContain(option)
      expect((await perform(`${keys}\n${command.replace(option, '')}`)).code).not.toBe(0)
    }
  })

  test('verify several images by several keys with their annotations', async () => {
    const signed = await sign('many', {
      tags: `${host}/many/app:1\n${host}/many/web:1\n${host}/many/web:2`,
      key: `${key.privatePem}\n${other.privatePem}`,
      annotations: `commit=abc\nteam=a, "b"\nwho=o'neill`,
    })
    const [keys = '', byCosign = '', byFinch = ''] = blocksOf(signed)
    expect([byCosign, byFinch].map((lines) => lines.split('\n').length)).toEqual([4, 4])
    const right = await perform([keys, byCosign, byFinch].join('\n'))
    expect({ code: right.code, said: right.code === 0 ? '' : right.stderr }).toEqual({ code: 0, said: '' })
    expect((await perform(`${keys}\n${byCosign.replace('commit=abc', 'commit=abd')}`)).code).not.toBe(0)
    expect((await perform(`${keys.replaceAll('cosign-1', 'cosign-2')}\n${byCosign}`)).code).not.toBe(0)
  })
})

test('the command in the summary of verify says the same by hand', async () => {
  await sign('both-sides')
  const images = `${host}/both-sides:1`
  const passed = await bench.verify({ images, key: key.publicPem, 'transparency-log': 'ignore' })
  const [keys = '', command = ''] = blocksOf(passed)
  expect((await perform(`${keys}\n${command}`)).code).toBe(0)
  const refused = await bench.verify({ images, key: other.publicPem, 'transparency-log': 'ignore' })
  expect(refused.summary).toContain('❌ Image is signed by another key')
  const [otherKey = '', otherCommand = ''] = blocksOf(refused)
  expect((await perform(`${otherKey}\n${otherCommand}`)).code).not.toBe(0)
})

const asked: [string, string, () => Inputs, () => Inputs, [string, string]][] = [
  [
    'without a log',
    'asked-plain',
    () => ({}),
    () => ({ 'transparency-log': 'ignore' }),
    [' --insecure-ignore-tlog', ''],
  ],
  [
    'in the log of a private Sigstore',
    'asked-own',
    () => ({ 'transparency-log': 'public', ...asText(sigstore) }),
    () => ({
      'transparency-log': 'required',
      'sigstore-trusted-root': asText(sigstore)['sigstore-trusted-root'] ?? '',
    }),
    [' --trusted-root=trusted-root.json', ''],
  ],
  [
    'with annotations',
    'asked-notes',
    () => ({ annotations: 'team=a' }),
    () => ({ 'transparency-log': 'ignore', annotations: 'team=a' }),
    ['=team=a', '=team=b'],
  ],
]

test.each(asked)(
  'the command in the summary of verify asks for a signature %s',
  async (_, name, given, wanted, [part, other]) => {
    await sign(name, given())
    const verified = await bench.verify({ images: `${host}/${name}:1`, key: key.publicPem, ...wanted() })
    expect(verified.outputs.result).toBe('passed')
    const [keys = '', command = ''] = blocksOf(verified)
    const right = await perform(`${keys}\n${command}`)
    expect({ code: right.code, said: right.code === 0 ? '' : right.stderr }).toEqual({ code: 0, said: '' })
    expect(command).toContain(part)
    expect((await perform(`${keys}\n${command.replace(part, other)}`)).code).not.toBe(0)
  },
)
