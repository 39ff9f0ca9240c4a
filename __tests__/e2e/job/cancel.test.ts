import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { CosignKey } from '../../bed/sigstore/keys'
import type { ActionRun } from '../../runner/run-action'
import { ownTags } from '../support/evidence'
import { filesBelow } from '../support/traces'
import { type JobOptions, startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

const LIMIT = 7000

let bench: Workbench
let key: CosignKey
let host: string

beforeAll(async () => {
  bench = await startWorkbench()
  key = await bench.bed.keys.quick('key', 'a password to look for')
  host = bench.bed.registry.name
  await bench.bed.makeImage({ name: 'app:1' })
}, 40 * 60_000)

afterAll(async () => bench?.stop(), 60_000)

interface Cancelled {
  readonly run: ActionRun
  /** Milliseconds from the cancellation to the end of the job. */
  readonly took: number
  /** Every file in RUNNER_TEMP before the runner empties it. */
  readonly files: readonly string[]
  readonly text: string
}

/** Starts a job, cancels it as soon as a tool is seen at work, and looks at what is left. */
async function cancelled(start: (job: JobOptions) => Promise<ActionRun>, atWork: () => boolean): Promise<Cancelled> {
  const controller = new AbortController()
  let at = 0
  let files: string[] = []
  let text = ''
  const watch = setInterval(() => {
    if (at > 0 || !atWork()) return
    at = Date.now()
    controller.abort()
  }, 20)
  const run = await start({
    signal: controller.signal,
    beforeWipe: async ({ temp }) => {
      files = await filesBelow(temp)
      text = (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n')
    },
  })
  clearInterval(watch)
  return { run, took: Date.now() - at, files, text }
}

function expectClean({ run, took, text, files }: Cancelled): void {
  expect(run.outcome).toBe('cancelled')
  expect(took).toBeLessThan(LIMIT)
  expect(run.orphans).toEqual([])
  expect(run.steps.at(-1)).toMatchObject({ name: 'Clean up', outcome: 'success' })
  expect(files.filter((file) => file.includes('/finch-signing-'))).toEqual([])
  for (const secret of [key.password, key.privatePem.split('\n')[2] ?? '']) expect(text).not.toContain(secret)
}

function signing(repository: string, inputs: Record<string, string> = {}) {
  const given = {
    image: 'app:1',
    tags: `${repository}:1`,
    key: key.privatePem,
    'key-password': key.password,
    ...inputs,
  }
  return (job: JobOptions) => bench.sign(given, job)
}

/** A cosign that takes its time for one command and does not care for signals; it leaves a mark when it is called. */
function slow(command: string, mark: string) {
  const text = (real: string) => `#!/bin/bash
trap '' INT TERM
if [[ $1 == ${command} ]]; then touch '${mark}'; sleep 60 & wait; fi
exec '${real}' "$@"
`
  return { replace: { cosign: text } }
}

describe('a cancelled job', () => {
  test.each(['atomic', 'finch'])('during a slow push, publish: %s', async (publish) => {
    const rules = ['PATCH', 'PUT'].map((method) => ({ method, path: /blobs/, bytesPerSecond: 50_000 }))
    const proxy = await bench.proxy(rules)
    // Of an image that the registry has in part already, only the rest would be pushed.
    await bench.bed.makeImage({ name: `large:${publish}`, marker: publish, sizeBytes: 3_000_000 })
    const inputs = { image: `large:${publish}`, publish }
    const isUpload = ({ method, path }: { method: string; path: string }) =>
      /^(PATCH|PUT)$/.test(method) && /blobs/.test(path)
    const outcome = await cancelled(signing(`${proxy.name}/push-${publish}`, inputs), () =>
      proxy.requests.some(isUpload),
    )
    expectClean(outcome)
    expect(outcome.run.log).toContain('cancelled during finch push')
    expect(await ownTags(bench.bed, `push-${publish}`)).toEqual([])
  })

  test('during cosign sign, which ignores the polite signal', async () => {
    const mark = join(bench.bed.dir, 'signing')
    const finch = await bench.otherFinch('slow-sign', slow('sign', mark))
    const outcome = await cancelled(
      (job) => signing(`${host}/slow-sign`)({ ...job, finch }),
      () => existsSync(mark),
    )
    expectClean(outcome)
    // Finch pushes and local names are given while cosign signs, so that any of these may be named.
    expect(outcome.run.log).toMatch(/cancelled during (cosign sign|finch push|finch tag)/)
    expect(await ownTags(bench.bed, 'slow-sign')).toEqual([])
  })

  test('during verify', async () => {
    await signing(`${host}/verified`)({})
    const mark = join(bench.bed.dir, 'verifying')
    const finch = await bench.otherFinch('slow-verify', slow('verify', mark))
    const inputs = { images: `${host}/verified:1`, key: key.publicPem }
    const outcome = await cancelled(
      (job) => bench.verify(inputs, { ...job, finch }),
      () => existsSync(mark),
    )
    expectClean(outcome)
    expect(outcome.run.log).toContain('cancelled during cosign verify')
    expect(outcome.run.outputs).toMatchObject({ result: 'error', verified: 'false' })
  })
})
