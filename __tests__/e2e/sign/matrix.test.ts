/**
 * A sample of the matrices of faults, spread over all requests; `npm run test:faults` tries every one.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type CaseResult, isSurvived, sample, sampleOfEach } from '../support/matrix/cases'
import { publishCases, recordPublish, runPublishCases } from '../support/matrix/publish'
import { makeSubjects, type Subjects } from '../support/matrix/subjects'
import { runVerifyCases, verifyCases } from '../support/matrix/verify'
import { attestedWay, kmsWay, registryWay } from '../support/matrix/ways'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(400_000)

/** Cases of each fault. */
const PUBLISH_SAMPLE = 2
const KMS_SAMPLE = 1
const ATTESTED_SAMPLE = 8
const VERIFY_SAMPLE = 45
const SILENT_SAMPLE = 3

let bench: Workbench
let subjects: Subjects

beforeAll(async () => {
  bench = await startWorkbench()
  subjects = await makeSubjects(bench)
}, 40 * 60_000)

afterAll(async () => {
  await subjects?.stop()
  await bench?.stop()
}, 60_000)

/** The cases that are not as they should be, in words. */
function bad(results: readonly CaseResult[]): string[] {
  return results
    .filter(({ leaked, wrong }) => leaked.length + wrong.length > 0)
    .map(({ point, fault, leaked, wrong }) => `${point.request}, ${fault}: ${[...leaked, ...wrong].join('; ')}`)
}

describe('a fault at a request', () => {
  test('of sign: one of a moment is survived; no tag without a signature, and a second run completes it', async () => {
    const given = await registryWay(bench)
    const points = await recordPublish(given)
    expect(points.length).toBeGreaterThan(40)
    const results = await runPublishCases(given, sampleOfEach(publishCases(points), PUBLISH_SAMPLE))
    expect(bad(results)).toEqual([])
    const survived = results.filter(({ fault }) => isSurvived(fault))
    expect(new Set(survived.map(({ fault, ended }) => `${fault}: ${ended}`)).size).toBe(7)
    expect(new Set(results.map(({ fault }) => fault)).size).toBe(9)
  })

  test('of sign while it attests: no tag without signature and attestation, and a second run completes both', async () => {
    const given = await attestedWay(bench)
    const points = await recordPublish(given)
    // What a run without attestations does not ask for is at its end, before the tags.
    const last = points.slice(Math.floor(points.length / 2))
    const cases = publishCases(last).filter(({ fault }) => !/hang/.test(fault))
    expect(bad(await runPublishCases(given, sample(cases, ATTESTED_SAMPLE)))).toEqual([])
  })

  test('of sign to the KMS: the same', async () => {
    const given = await kmsWay(bench)
    try {
      const cases = publishCases(await recordPublish(given)).filter(({ fault }) => isSurvived(fault))
      expect(bad(await runPublishCases(given, sampleOfEach(cases, KMS_SAMPLE)))).toEqual([])
    } finally {
      await given.stop()
    }
  })

  test('of verify: what is not signed never passes, what is signed never fails', async () => {
    const cases = await verifyCases(bench, subjects)
    expect(cases.length).toBeGreaterThan(1000)
    const quick = cases.filter(({ fault }) => !/for ever|no answer|drip/.test(fault))
    const silent = cases.filter(({ fault }) => fault === 'no answer once')
    const chosen = [...sample(quick, VERIFY_SAMPLE), ...sample(silent, SILENT_SAMPLE)]
    const results = await runVerifyCases(bench, subjects, chosen)
    expect(bad(results)).toEqual([])
    expect(results.filter(({ ended }) => ended === 'passed').length).toBeGreaterThan(5)
    expect(results.filter(({ ended }) => ended.startsWith('error')).length).toBeGreaterThan(2)
  })
})
