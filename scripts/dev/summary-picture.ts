/**
 * `npm run picture`: signs two images in a log of its own and verifies the files of a small project with the real action files and tools,
 * and makes a picture of the summaries for the README. Needs Linux; the browser is installed where it is absent.
 */
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Bed, startBed } from '../../__tests__/bed/bed'
import { type Sigstore, startSigstore } from '../../__tests__/bed/sigstore/sigstore'
import { type RunActionOptions, runAction } from '../../__tests__/runner/run-action'
import type { Strings } from '../../__tests__/runner/types'
import { summaryPage, type Titled, takePicture } from './lib/picture'

const FILE = resolve('docs/images/summary.png')
const PASSWORD = 'correct horse battery staple'

/** What the small project names: two images of its own, and one that nobody has signed. */
function project(registry: string): Strings {
  return {
    Dockerfile: `FROM ${registry}/tools/base:12\nCOPY . /app\n`,
    'deploy/app.yaml': [
      'apiVersion: v1',
      'kind: Pod',
      'metadata:',
      '  name: app',
      'spec:',
      '  containers:',
      '    - name: app',
      `      image: ${registry}/team/app:1.4.0`,
      '    - name: worker',
      `      image: ${registry}/team/worker:1.4.0`,
      '',
    ].join('\n'),
  }
}

async function makeSummaries(bed: Bed, sigstore: Sigstore, workspace: string): Promise<Titled[]> {
  const host = bed.registry.name
  const key = await bed.keys.cosign('cosign', PASSWORD)
  const base = `${host}/tools/base:12`
  await bed.makeImage({ name: base, marker: 'base' })
  await bed.runFinch(['push', base])
  const files = { ...project(host), 'cosign.pub': key.publicPem }
  await mkdir(join(workspace, 'deploy'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(workspace, name), text)
  for (const name of ['app', 'worker']) await bed.makeImage({ name: `${name}:build`, marker: name })
  const call = (action: string, inputs: Strings) =>
    summaryOf(bed, { action, with: inputs, workspace, stepEnv: { RELEASE_KEY: key.privatePem } })
  const trusted = { 'sigstore-trusted-root': sigstore.trustedRoot.file }
  const log = { 'transparency-log': 'public', 'sigstore-signing-config': sigstore.signingConfig.file, ...trusted }
  const signing = { key: 'env://RELEASE_KEY', 'key-password': PASSWORD, ...log }
  const publish = (name: string, tags: string) =>
    call('sign', { ...signing, image: `${name}:build`, tags }).then((markdown) => ({
      title: 'release summary',
      markdown,
    }))
  const released = await publish('app', `${host}/team/app:1.4.0,${host}/team/app:latest`)
  await publish('worker', `${host}/team/worker:1.4.0`)
  const gate = { key: 'cosign.pub', files: 'Dockerfile\ndeploy/*.yaml', pull: 'false', ...trusted }
  return [released, { title: 'gate summary', markdown: await call('verify', gate) }]
}

async function summaryOf(bed: Bed, call: RunActionOptions): Promise<string> {
  const env = { PATH: `${bed.finch.bin}:${process.env.PATH ?? ''}` }
  const done = await runAction({ ...call, env, secrets: [PASSWORD] })
  await done.dispose()
  if (done.summary === '') throw new Error(`${call.action} wrote no summary:\n${done.log}`)
  return done.summary
}

async function main(): Promise<void> {
  const bed = await startBed({ log: (line) => console.log(line) })
  const workspace = await mkdtemp(join(tmpdir(), 'picture-workspace-'))
  let sigstore: Sigstore | undefined
  try {
    sigstore = await startSigstore(join(bed.dir, 'sigstore'), bed.toolchain)
    const page = summaryPage(await makeSummaries(bed, sigstore, workspace))
    await mkdir(resolve(FILE, '..'), { recursive: true })
    await takePicture(page, FILE)
    console.log(`docs/images/summary.png: ${Math.round((await stat(FILE)).size / 1000)} kB`)
  } finally {
    await rm(workspace, { recursive: true, force: true })
    await sigstore?.stop()
    await bed.stop()
  }
}

await main()
