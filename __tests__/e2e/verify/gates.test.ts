// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the files under test
/** Gates over whole repositories and compose projects, with the real tools. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { CosignKey } from '../../bed/sigstore/keys'
import { type CheckedImage, imagesOf, titles, told } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

let bench: Workbench
let host: string
let own: CosignKey
let workspace: string

beforeAll(async () => {
  bench = await startWorkbench()
  host = bench.bed.registry.name
  own = await bench.bed.keys.quick('own')
  await bench.bed.makeImage({ name: 'shop:build', runnable: true })
  const key = { key: own.privatePem, 'key-password': own.password }
  await bench.sign({ image: 'shop:build', tags: `${host}/team/web:1\n${host}/team/worker:1`, ...key })
  const plain = await bench.bed.makeImage({ name: `${host}/team/plain:1`, marker: 'plain' })
  await bench.bed.runFinch(['push', plain.name])
  workspace = mkdtempSync(join(bench.bed.dir, 'workspace-'))
  files({
    'deploy/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    spec:
      initContainers:
        - name: init
          image: ${host}/team/worker:1
      containers:
        - name: web
          image: ${host}/team/web:1
`,
    Dockerfile: `ARG BASE=${host}/team/plain:1
FROM ${'$'}{BASE} AS base
FROM base
COPY --from=${host}/team/web:1 /hello /hello
`,
    'chart/values.yaml': 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: "{{ .Values.image }}"\n',
    'compose.yaml': composeFile(),
    'keys/cosign.pub': own.publicPem,
    'notes.txt': 'nothing\n',
  })
}, 120_000)

afterAll(() => bench.stop(), 60_000)

function composeFile(): string {
  const verified = '    x-nerdctl-verify: cosign\n    x-nerdctl-cosign-public-key: keys/cosign.pub\n'
  return `services:\n  web:\n    image: ${host}/team/web:${'$'}{TAG:-1}\n${verified}  worker:\n    image: ${host}/team/worker:1\n${verified}`
}

function files(texts: Record<string, string>): void {
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true })
    writeFileSync(join(workspace, path), text)
  }
}

const check = (inputs: Record<string, string>, job: Parameters<Workbench['verify']>[1] = {}) =>
  bench.verify(
    { 'transparency-log': 'ignore', pull: 'false', ...inputs },
    { workspace, env: { GITHUB_WORKSPACE: workspace }, ...job },
  )

describe('files', () => {
  it('verifies each image once and annotates a failure on its file and line', async () => {
    const run = await check({ files: 'deploy/**\nDockerfile', key: own.publicPem })
    const results = imagesOf<CheckedImage>(run).map(
      ({ reference, result }) => `${reference.replace(host, '')} ${result}`,
    )
    expect(results.sort()).toEqual(['/team/plain:1 failed', '/team/web:1 passed', '/team/worker:1 passed'])
    const [annotation] = told(run, 'error')
    expect(annotation).toMatchObject({ title: 'Image is not signed', file: 'Dockerfile', line: 2 })
    expect(run.summary).toContain('deploy/web.yaml:12')
  })

  it('fails for a template, unless that is allowed', async () => {
    const run = await check({ files: 'chart/*.yaml', key: own.publicPem })
    expect(run.outputs).toMatchObject({ result: 'failed', verified: 'false' })
    expect(told(run, 'error')[0]).toMatchObject({
      title: 'Image name cannot be resolved',
      file: 'chart/values.yaml',
      line: 5,
    })
    const allowed = await check({ files: 'chart/*.yaml', key: own.publicPem, 'allow-unresolved': 'true' })
    expect(allowed.outputs).toMatchObject({ result: 'passed' })
  })

  it('passes files that name no image with a notice, and is an error where no file is matched', async () => {
    const none = await check({ files: 'notes.txt', key: own.publicPem })
    expect(none.outputs).toMatchObject({ result: 'passed', verified: 'false' })
    expect(titles(none, 'notice')).toContain('No images named')
    const missing = await check({ files: 'nowhere/**', key: own.publicPem })
    expect(missing.outputs).toMatchObject({ result: 'error' })
    expect(titles(missing)).toEqual(['Input "files" matches no file'])
  })

  it('ends soon for files that are made to keep it busy, or to show what is none of theirs', async () => {
    const levels = [...'abcdefghij'].map((name, index, all) => {
      const before = all[index - 1]
      return `${name}: &${name} [${Array(10)
        .fill(before === undefined ? 'x' : `*${before}`)
        .join(', ')}]`
    })
    files({
      'bad/bomb.yaml': `${levels.join('\n')}\nkind: Pod\napiVersion: v1\nspec: *j\n`,
      'bad/large.yaml': `apiVersion: v1\nkind: Pod\ndata: ${'x'.repeat(5 * 1024 * 1024)}\n`,
    })
    symlinkSync('/etc', join(workspace, 'bad/link'))
    for (const [pattern, title] of [
      ['bad/bomb.yaml', 'A file is not understood'],
      ['bad/large.yaml', 'A file is too much to read'],
      ['bad/link/passwd', 'A file lies outside of the workspace'],
    ] as const) {
      const started = Date.now()
      const run = await check({ files: pattern, key: own.publicPem })
      expect([pattern, run.outputs.result, titles(run)]).toEqual([pattern, 'error', [title]])
      expect(run.log).not.toContain('root:')
      expect(Date.now() - started).toBeLessThan(15_000)
    }
    rmSync(join(workspace, 'bad'), { recursive: true })
  })

  it('looks with changed-only at what the pull request changes, in a fork without secrets', async () => {
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
        cwd: workspace,
        encoding: 'utf8',
      }).trim()
    git('init', '-q', '-b', 'main')
    git('add', '-A')
    git('commit', '-qm', 'base')
    const base = git('rev-parse', 'HEAD')
    git('checkout', '-qb', 'change')
    writeFileSync(
      join(workspace, 'deploy/web.yaml'),
      `${readFileSync(join(workspace, 'deploy/web.yaml'), 'utf8')}# changed\n`,
    )
    git('commit', '-qam', 'change')
    const head = git('rev-parse', 'HEAD')
    const event = {
      pull_request: {
        base: { sha: base, repo: { full_name: 'o/r' } },
        head: { sha: head, repo: { full_name: 'fork/r' } },
      },
    }
    const run = await check(
      { files: '**', 'changed-only': 'true', key: 'keys/cosign.pub' },
      { github: { event_name: 'pull_request', event } },
    )
    expect(run.outputs).toMatchObject({ result: 'passed' })
    expect(imagesOf<CheckedImage>(run)).toHaveLength(2)
    expect(run.log).toContain('1 of ')
  })
})

describe('who may sign', () => {
  const event = (base: string, head: string) => ({
    pull_request: {
      base: { sha: base, repo: { full_name: 'o/r' } },
      head: { sha: head, repo: { full_name: 'fork/r' } },
    },
  })

  it('is not decided by the pull request, until somebody allows it', async () => {
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
        cwd: workspace,
        encoding: 'utf8',
      }).trim()
    git('add', '-A')
    git('commit', '-q', '--allow-empty', '-m', 'before')
    const base = git('rev-parse', 'HEAD')
    files({ 'keys/cosign.pub': `${own.publicPem}\n` })
    git('commit', '-qam', 'another key')
    const job = { github: { event_name: 'pull_request', event: event(base, git('rev-parse', 'HEAD')) } }
    const inputs = { images: `${host}/team/worker:1`, key: 'keys/cosign.pub' }
    const refused = await check(inputs, job)
    expect(refused.outputs).toMatchObject({ result: 'failed', verified: 'false', images: '[]' })
    expect(told(refused, 'error')).toMatchObject([
      { title: 'This pull request changes who may sign', file: 'keys/cosign.pub' },
    ])
    const allowed = await check({ ...inputs, 'allow-trust-change': 'true' }, job)
    expect(allowed.outputs).toMatchObject({ result: 'passed', verified: 'true' })
    expect(titles(allowed, 'notice')).toContain('Who may sign is changed')
    const unchanged = await check({ ...inputs, key: own.publicPem }, job)
    expect(unchanged.outputs).toMatchObject({ result: 'passed' })
  })
})

describe('what is easily overlooked', () => {
  it('is seen: Dockerfiles of any name, folders behind links; a login that is not needed is a notice', async () => {
    files({ 'hidden/real/Dockerfile-prod': `FROM ${host}/team/plain:1\n` })
    symlinkSync('real', join(workspace, 'hidden/link'))
    const run = await check({ files: 'hidden/link/*', key: own.publicPem })
    expect(imagesOf<CheckedImage>(run).map(({ result }) => result)).toEqual(['failed'])
    const auth = '- {registry: ghcr.io, username: u, password: longer-than-eight}'
    const idle = await check({ files: 'notes.txt', key: own.publicPem, 'registry-auth': auth })
    expect(idle.outputs).toMatchObject({ result: 'passed', verified: 'false' })
    expect(titles(idle, 'notice')).toContain('A login was not needed')
  })

  it('fails where a service is built where it runs', async () => {
    files({ 'web/Dockerfile': 'FROM scratch\n', 'built.yaml': 'services:\n  web:\n    build: ./web\n' })
    const run = await check({ 'compose-file': 'built.yaml', key: own.publicPem })
    expect(run.outputs).toMatchObject({ result: 'failed', verified: 'false' })
    expect(titles(run)).toEqual(['Service is built where it runs'])
  })
})

describe('a compose project', () => {
  it('is verified by its own keys and pinned by an override that nothing can get around', async () => {
    const run = await check(
      { 'compose-file': 'compose.yaml', pull: 'true' },
      { workspace, env: { GITHUB_WORKSPACE: workspace }, keepTemp: true },
    )
    expect(run.outputs).toMatchObject({ result: 'passed', verified: 'true' })
    const override = run.outputs['compose-override'] ?? ''
    const pinned = (name: string) =>
      `  ${name}:\n    image: ${host}/team/${name}@${run.outputs.digest}\n    build: !reset null\n    pull_policy: missing\n    x-nerdctl-verify: none\n`
    expect(readFileSync(override, 'utf8')).toBe(`services:\n${pinned('web')}${pinned('worker')}`)
    const evil = await bench.bed.makeImage({ name: `${host}/team/web:1`, marker: 'evil' })
    await bench.bed.runFinch(['push', evil.name])
    const file = join(workspace, 'compose.yaml')
    const { stdout } = await bench.bed.runFinch(['compose', '--file', file, '--file', override, 'config'])
    expect(stdout).toContain(`${host}/team/web@${run.outputs.digest}`)
    expect(stdout).not.toContain('web:1')
    const moved = await check({ 'compose-file': 'compose.yaml' })
    expect(moved.outputs).toMatchObject({ result: 'failed' })
    expect(moved.outputs['compose-override'] ?? '').toBe('')
  })

  it('reports values that make nerdctl crash by name and line, and services that nobody vouches for', async () => {
    files({ 'bad.yaml': `services:\n  web:\n    image: ${host}/team/worker:1\n    x-nerdctl-verify: true\n` })
    const bad = await check({ 'compose-file': 'bad.yaml' })
    expect(
      told(bad, 'error')
        .map(({ message }) => message)
        .join(),
    ).toMatch(/bad\.yaml:4: service "web", x-nerdctl-verify/)
    files({ 'open.yaml': `services:\n  web:\n    image: ${host}/team/worker:1\n` })
    const open = await check({ 'compose-file': 'open.yaml' })
    expect(open.outputs).toMatchObject({ result: 'failed' })
    expect(titles(open)).toEqual(['No rule for this image'])
    expect((await check({ 'compose-file': 'open.yaml', key: own.publicPem })).outputs).toMatchObject({
      result: 'passed',
    })
  })

  it('refuses a file outside of the workspace', async () => {
    const run = await check({ 'compose-file': '../../../etc/passwd' })
    expect(run.outputs).toMatchObject({ result: 'error' })
    expect(titles(run)[0]).toMatch(/outside of the workspace|cannot be used/)
  })
})
