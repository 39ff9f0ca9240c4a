import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { BINARY, COSIGN, DEB, FINCH, KMS_BUNDLE, type ReleaseBench, startReleases } from '../support/releases'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(120_000)

let bench: Workbench
let releases: ReleaseBench

beforeAll(async () => {
  bench = await startWorkbench()
  releases = await startReleases(bench)
}, 900_000)

afterAll(async () => {
  await releases?.stop()
  await bench?.stop()
})

beforeEach(() => {
  releases.server.clear()
  releases.publish()
})

const downloads = () => releases.server.requests.filter(({ path }) => path.includes('/releases/download/'))

describe('a machine without Finch', () => {
  test('gets Finch and the cosign that it brings, and they work', async () => {
    const machine = await releases.machine()
    const done = await releases.setup({}, { machine })
    expect(done.log).toContain('proven by its OpenPGP signature')
    expect({ outcome: done.outcome, outputs: done.outputs }).toMatchObject({
      outcome: 'success',
      outputs: { 'finch-version': FINCH, 'cosign-version': COSIGN, 'cache-hit': 'false' },
    })
    const { stdout } = await machine.run([done.outputs['finch-path'] ?? '', 'version'])
    expect(stdout).toContain(`v${FINCH}`)
  })

  test('gets an explicit cosign at the same time', async () => {
    const done = await releases.setup({ 'cosign-version': COSIGN })
    expect(done.log).toContain('proven by the signature of the release key, and cosign_checksums.txt')
    expect(done.outputs).toMatchObject({ 'finch-version': FINCH, 'cosign-version': COSIGN })
    expect(downloads().map(({ path }) => path.split('/').pop())).toEqual(
      expect.arrayContaining([DEB, `${DEB}.sig`, BINARY, KMS_BUNDLE]),
    )
  })
})
