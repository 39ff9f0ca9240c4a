/** The files that `report-path` names: complete, true to the outputs, and of the documented form. */
import { existsSync, readdirSync as readdir, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import * as v from 'valibot'
import { type SignReport, signReport, type VerifyReport, verifyReport } from '../../../src/report/audit/schema'
import type { CosignKey } from '../../bed/sigstore/keys'
import { fingerprintOf, titles } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

let bench: Workbench
let host: string
let key: CosignKey

beforeAll(async () => {
  bench = await startWorkbench()
  host = bench.bed.registry.name
  key = await bench.bed.keys.quick('key')
}, 120_000)

afterAll(() => bench.stop(), 60_000)

/** Runs an action, and reads its report before the runner empties its folder. */
async function reported(
  action: 'sign' | 'verify',
  inputs: Record<string, string>,
): Promise<{ outputs: Record<string, string | undefined>; text: string }> {
  let text = ''
  const run = await bench[action](inputs, {
    beforeWipe: ({ temp }) => {
      if (!existsSync(`${temp}/finch-reports`)) return
      const [name = ''] = readdir(`${temp}/finch-reports`)
      text = readFileSync(`${temp}/finch-reports/${name}`, 'utf8')
    },
  })
  if (text === '') expect(titles(run)).toEqual([])
  expect(run.outputs['report-path']).toMatch(new RegExp(`/finch-reports/${action}-[0-9a-f]{16}\\.json$`))
  return { outputs: run.outputs, text }
}

const signed = (text: string): SignReport => v.parse(signReport, JSON.parse(text))
const verified = (text: string): VerifyReport => v.parse(verifyReport, JSON.parse(text))

test('of sign: who signed what, in which run, as the outputs say', async () => {
  const image = await bench.bed.makeImage({ name: 'report:1', marker: 'report' })
  const inputs = { image: image.name, tags: `${host}/report:1`, key: key.privatePem, 'key-password': key.password }
  const { outputs, text } = await reported('sign', inputs)
  const report = signed(text)
  expect(report.images).toEqual(JSON.parse(outputs.images ?? ''))
  expect(report.signers).toEqual([{ kind: 'key', fingerprint: fingerprintOf(key.publicPem), algorithm: 'ECDSA P-256' }])
  expect(report.run).toMatchObject({
    repository: 'octo-org/app',
    commit: expect.stringMatching(/^[0-9a-f]{40}$/),
    workflow: 'octo-org/app/.github/workflows/test.yml@refs/heads/main',
    url: 'https://github.com/octo-org/app/actions/runs/1',
    runAttempt: '1',
  })
  expect(report.tools.cosign).toMatch(/^\d+\.\d+\.\d+/)
  expect(Date.now() - Date.parse(report.time)).toBeLessThan(60_000)
  expect(text).not.toContain(key.password)
})

test('of verify: what was asked, and what was found, also when it failed', async () => {
  const plain = await bench.bed.makeImage({ name: `${host}/plain:1`, marker: 'plain' })
  await bench.bed.runFinch(['push', plain.name])
  const policy = `rules:
  - images: ${host}/report
    keys:
      - |
${key.publicPem.trim().replace(/^/gm, '        ')}
    transparency-log: ignore
  - images: ${host}/**
    allow: unsigned
    reason: nobody signs it yet
    expires: 2020-01-01
`
  const inputs = { images: `${host}/report:1\n${plain.name}`, policy, pull: 'false' }
  const { outputs, text } = await reported('verify', inputs)
  const report = verified(text)
  expect([report.result, report.verified]).toEqual(['failed', false])
  expect(report.images.map(({ result }) => result)).toEqual(['passed', 'failed'])
  expect(report.images.map(({ reference, digest }) => ({ reference, digest }))).toEqual(
    (JSON.parse(outputs.images ?? '') as VerifyReport['images']).map(({ reference, digest }) => ({
      reference,
      digest,
    })),
  )
  expect(report.images[0]?.rule?.name).toContain('rule 1')
  expect(report.images[1]?.rule?.terms.join()).toContain('nobody signs it yet')
  expect(report.policies).toHaveLength(1)
})

test('a dry run judges what it can, and says that nothing was run', async () => {
  const policy = `rules:
  - images: ${host}/report
    allow: unsigned
    reason: nobody signs it yet
    expires: 2020-01-01
  - images: ${host}/open
    allow: unsigned
    reason: still open
`
  const images = `${host}/report:1\n${host}/open:1\nghcr.io/other/app:1`
  const run = await bench.verify({ images, policy, 'dry-run': 'true', pull: 'false' })
  expect(run.outcome).toBe('success')
  expect([run.outputs.result, run.outputs.verified]).toEqual(['not-run', 'false'])
  const results = (JSON.parse(run.outputs.images ?? '') as { result: string; reason: string }[]).map(
    ({ result, reason }) => `${result} ${reason.split(':')[0]}`,
  )
  expect(results).toEqual(['failed exception expired', 'not-run ', 'failed no rule'])
  expect(run.summary).toContain('2 of 3 images would be refused')
})
