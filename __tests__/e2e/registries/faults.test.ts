import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Finch } from '../../bed/machine/finch'
import { withHostName } from '../../bed/machine/hosts'
import { runAsRoot } from '../../bed/process'
import type { CosignKey } from '../../bed/sigstore/keys'
import { claimsByHand, ownTags, titles, told } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

let bench: Workbench
let key: CosignKey
let host: string

beforeAll(async () => {
  bench = await startWorkbench()
  key = await bench.bed.keys.quick('key')
  host = bench.bed.registry.name
  await bench.bed.makeImage({ name: 'app:1', marker: 'faults' })
}, 40 * 60_000)

afterAll(async () => bench?.stop(), 60_000)

function sign(repository: string, finch?: Finch, inputs: Record<string, string> = {}) {
  const given = { image: 'app:1', tags: `${repository}:1`, key: key.privatePem, 'key-password': key.password }
  return bench.sign({ ...given, 'signature-format': 'bundle', ...inputs }, finch === undefined ? {} : { finch })
}

/** A cosign whose `sign` is something else; the other commands are the real one's. */
function withSign(text: string) {
  return {
    replace: {
      cosign: (real: string) => `#!/bin/bash\nif [[ $1 == sign ]]; then\n${text}\nfi\nexec '${real}' "$@"\n`,
    },
  }
}

const SIGNING_CONFIG = JSON.stringify({
  mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
  rekorTlogConfig: {},
  tsaConfig: {},
})

describe('cosign says 0 and has not signed', () => {
  const ways: [string, string][] = [
    ['COSIGN_UPLOAD=false', 'export COSIGN_UPLOAD=false'],
    [
      'a signing config together with COSIGN_BUNDLE',
      `folder=$(mktemp -d); printf '%s' '${SIGNING_CONFIG}' >"$folder/config"
       unset COSIGN_USE_SIGNING_CONFIG COSIGN_TLOG_UPLOAD
       export COSIGN_SIGNING_CONFIG="$folder/config" COSIGN_TRUSTED_ROOT="$folder/root" COSIGN_BUNDLE="$folder/bundle"
       echo '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}' >"$folder/root"`,
    ],
    ['nothing is done at all', 'exit 0'],
  ]

  test.each(ways)('%s: the step fails, and no tag exists', async (name, text) => {
    const { bed } = bench
    const path = `silent-${ways.findIndex(([way]) => way === name)}`
    const finch = await bench.otherFinch(path, withSign(text))
    const run = await sign(`${host}/${path}`, finch)
    expect(run.outcome).toBe('failure')
    expect(titles(run)).toEqual(['The image is not signed'])
    expect(run.log).toContain('cosign sign ended with code 0')
    expect(run.outputs.digest).toBe('')
    expect(await bed.registry.catalog()).toContain(path)
    expect(await bed.registry.tags(path)).toEqual([])
  })

  test('publish: finch believes it no more', async () => {
    const finch = await bench.otherFinch('silent-literal', withSign('export COSIGN_UPLOAD=false'))
    const run = await sign(`${host}/silent-literal`, finch, { publish: 'finch' })
    expect(run.outcome).toBe('failure')
    expect(titles(run)).toEqual(['The image is not signed'])
    expect(told(run, 'error')[0]?.message).toContain('finch push --sign=cosign ended with code 0')
  })

  test('publish: finch to a name over plain HTTP, where nerdctl leaves the signature out', async () => {
    const forget = await withHostName('plain.signing.test', '127.0.0.3')
    const proxy = await bench.proxy([], '127.0.0.3')
    const name = `plain.signing.test:${proxy.port}`
    // The actions are told that the host speaks plain HTTP; nerdctl is not, and finds it out by itself.
    const folder = `/etc/containerd/certs.d/${name}`
    await runAsRoot(['mkdir', '-p', folder])
    await runAsRoot(['tee', `${folder}/hosts.toml`], { input: `server = "http://${name}"\n` })
    const toml = 'insecure_registry = true\nhosts_dir = ["/nowhere"]'
    const finch = await bench.otherFinch('insecure', { version: '1.18.0', toml })
    try {
      const literal = await sign(`${name}/plain`, finch, { publish: 'finch' })
      expect([literal.outcome, titles(literal)]).toEqual(['failure', ['The image is not signed']])
      expect(literal.log).toContain('falling back to plain HTTP')
      expect(literal.outputs.digest).toBe('')
      const atomic = await sign(`${name}/plain-atomic`, finch)
      expect([atomic.outcome, titles(atomic)]).toEqual(['success', []])
      expect(await claimsByHand(bench.bed, `${host}/plain-atomic:1`, key)).toHaveLength(1)
    } finally {
      await runAsRoot(['rm', '-rf', folder])
      await forget()
    }
  })
})

describe('a signature by another key than the given one', () => {
  test('is not taken for ours', async () => {
    const stranger = await bench.bed.keys.quick('stranger', '')
    const text = `export COSIGN_PASSWORD=; exec '${bench.bed.toolchain.cosign}' sign --yes --key='${stranger.privateFile}' "\${@: -1}"`
    const finch = await bench.otherFinch('stranger', withSign(text))
    const run = await sign(`${host}/stranger`, finch)
    expect(titles(run)).toEqual(['The image is not signed'])
    expect(await ownTags(bench.bed, 'stranger')).toEqual([])
    const { digest } = await bench.bed.makeImage({ name: 'app:1', marker: 'faults' })
    // It was made again, as one that another job has written over would be.
    expect((await claimsByHand(bench.bed, `${host}/stranger@${digest}`, stranger)).length).toBeGreaterThan(0)
  })
})

describe('the registry fails', () => {
  const cases: [string, { method: string; path: RegExp; status?: number; rewrite?: () => string }[], string][] = [
    [
      'is down at the login',
      [{ method: 'GET', path: /^\/v2\/$/, status: 401 }],
      'The registry refused the credentials',
    ],
    ['refuses the blobs', [{ method: 'POST', path: /uploads/, status: 403 }], 'The registry refused the credentials'],
    [
      'refuses the signature',
      [{ method: 'PUT', path: /manifests\/sha256-/, status: 403 }],
      'The registry refused the credentials',
    ],
    ['refuses the tag', [{ method: 'PUT', path: /manifests\/1$/, status: 403 }], 'A tag could not be set'],
    [
      'answers nonsense for signatures',
      [{ method: 'GET', path: /manifests\/sha256-[0-9a-f]{64}$/, rewrite: () => '<html>' }],
      'The registry gave an answer that is not understood',
    ],
  ]

  test.each(cases)('it %s: no tag, and the title says it', async (name, rules, title) => {
    const path = `failing-${cases.findIndex(([one]) => one === name)}`
    const proxy = await bench.proxy()
    for (const rule of rules) {
      const { rewrite, ...rest } = rule
      proxy.addRule(rewrite === undefined ? rest : { ...rest, status: 200, body: rewrite() })
    }
    const run = await sign(`${proxy.name}/${path}`)
    expect(run.outcome).toBe('failure')
    expect(titles(run)).toEqual([title])
    expect(await ownTags(bench.bed, path)).toEqual([])
  })

  test('it sets the second tag no more: the first one is signed, and a second run completes it', async () => {
    const proxy = await bench.proxy([{ method: 'PUT', path: /manifests\/two$/, status: 403, times: 1 }])
    const tags = { tags: `${proxy.name}/half:one,${proxy.name}/half:two` }
    const first = await sign('', undefined, tags)
    expect(titles(first)).toEqual(['A tag could not be set'])
    expect(told(first, 'error')[0]?.message).toMatch(/Set are: \S+\/half:one\. Not set are: \S+\/half:two\./)
    expect(await ownTags(bench.bed, 'half')).toEqual(['one'])
    expect(await claimsByHand(bench.bed, `${host}/half:one`, key)).toHaveLength(1)
    const second = await sign('', undefined, tags)
    expect(second.outcome).toBe('success')
    expect(await ownTags(bench.bed, 'half')).toEqual(['one', 'two'])
  })
})

describe('the tools', () => {
  const script = (text: string) => `#!/bin/bash\n${text}\n`
  const cases: [string, Record<string, string>, Record<string, string>, string][] = [
    [
      'another program',
      { finch: script('echo "finch: cannot connect to server"; exit 1') },
      { 'finch-version': 'system' },
      '',
    ],
    [
      'a Finch that is too old',
      { finch: script('printf "Client:\\n Version:\\tv1.4.1\\n"') },
      { 'finch-version': 'system' },
      'This Finch is too old',
    ],
    [
      'cosign 3.0.2',
      { cosign: script('echo \'{"gitVersion":"v3.0.2"}\'') },
      { 'cosign-version': 'system' },
      'This cosign cannot be trusted to do what it is told',
    ],
    ['no Finch of the wanted version', {}, { 'finch-version': '1.99.0' }, 'There is no such release of Finch'],
  ]

  test.each(cases)('%s first on PATH', async (name, programs, inputs, title) => {
    const { mkdtemp, writeFile } = await import('node:fs/promises')
    const folder = await mkdtemp(`${bench.bed.dir}/path-`)
    for (const [program, text] of Object.entries(programs))
      await writeFile(`${folder}/${program}`, text, { mode: 0o755 })
    const image = { image: 'app:1', tags: `${host}/tools:1`, key: key.privatePem, 'key-password': key.password }
    const PATH = `${folder}:${bench.bed.finch.bin}:${process.env.PATH}`
    // The registry serves as a mirror that has no releases.
    const mirror = inputs['finch-version'] === '1.99.0' ? { 'download-url': `http://${host}` } : {}
    const run = await bench.sign({ ...image, ...inputs, ...mirror }, { env: { PATH } })
    // Behind another program of the same name the real Finch is found.
    expect([name, run.outcome, titles(run)]).toEqual([
      name,
      title === '' ? 'success' : 'failure',
      title === '' ? [] : [title],
    ])
    if (name === 'no Finch of the wanted version') {
      const installed = `Installed is Finch 1.18.0 (${bench.bed.finch.bin}/finch); "finch-version: system" uses it.`
      expect(told(run, 'error')[0]?.message).toContain(installed)
    }
  })

  test('only another program', async () => {
    const { mkdtemp, writeFile } = await import('node:fs/promises')
    const folder = await mkdtemp(`${bench.bed.dir}/path-`)
    await writeFile(`${folder}/finch`, script('echo "finch: cannot connect to server"'), { mode: 0o755 })
    const run = await bench.sign({ image: 'app:1' }, { env: { PATH: `${folder}:${process.env.PATH}` } })
    expect(titles(run)).toEqual(['A download failed'])
  })
})
