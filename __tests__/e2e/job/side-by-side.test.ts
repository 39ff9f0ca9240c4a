/**
 * Jobs on one machine at the same time: no login, key or file is shared, no signature is lost.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { stringify } from 'yaml'
import { sharedLockFolder } from '../../../src/tools/files/digest-lock'
import { startTime } from '../../bed/daemon'
import { type Registry, startRegistry } from '../../bed/registry/registry'
import type { CosignKey } from '../../bed/sigstore/keys'
import { claimsByHand, countBundles, imagesOf, ownTags, SIGN_CLAIM, titles } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(240_000)

const alice = { username: 'alice', password: 'the password of alice' }

let bench: Workbench
let secured: Registry
let temp: string

beforeAll(async () => {
  bench = await startWorkbench()
  const { toolchain, dir } = bench.bed
  secured = await startRegistry({ dir: join(dir, 'secured'), toolchain, htpasswd: alice })
  temp = join(dir, 'shared-temp')
  await mkdir(temp)
}, 40 * 60_000)

afterAll(async () => {
  await secured?.stop()
  await bench?.stop()
}, 60_000)

interface Signed {
  readonly tag: string
  readonly image: string
  readonly key: CosignKey
  readonly inputs?: Record<string, string>
}

/** All jobs have one RUNNER_TEMP and one HOME, as those of one machine's user may have. */
function sign({ tag, image, key, inputs = {} }: Signed) {
  const given = { image, tags: tag, key: key.privatePem, 'key-password': key.password }
  return bench.sign({ ...given, ...inputs }, { temp, keepTemp: true })
}

const authFor = (password: string) => ({
  'registry-auth': stringify([{ registry: secured.name, username: alice.username, password }]),
})

/** Sessions, and locks of processes that are no more; other tests of this machine may hold locks as well. */
async function leftBehind(): Promise<string[]> {
  const sessions = (await readdir(temp)).filter((name) => name.startsWith('finch-signing-'))
  const locks = await Promise.all(
    (await readdir(sharedLockFolder())).map(async (name) => {
      const text = await readFile(join(sharedLockFolder(), name), 'utf8').catch(() => undefined)
      if (text === undefined) return []
      const { pid, started } = JSON.parse(text) as { pid: number; started: string }
      return (await startTime(pid)) === started ? [] : [name]
    }),
  )
  return [...sessions, ...locks.flat()]
}

test('eight jobs with images, keys, registries and accounts of their own', async () => {
  const { bed } = bench
  const open = bed.registry.name
  const keys = await Promise.all([0, 1, 2, 3].map((at) => bed.keys.quick(`own-${at}`, `password ${at}`)))
  for (const at of [0, 1, 2, 3]) await bed.makeImage({ name: `own:${at}`, marker: `side by side ${at}` })
  const jobs: Signed[] = [0, 1, 2, 3, 0, 1, 2, 3].map((at, job) => {
    const registry = job < 4 ? open : secured.name
    const inputs = job < 4 ? {} : job < 6 ? authFor(alice.password) : job === 6 ? authFor('wrong') : {}
    return { tag: `${registry}/own-${job}:1`, image: `own:${at}`, key: keys[at] as CosignKey, inputs }
  })
  const runs = await Promise.all(jobs.map(sign))
  expect(runs.map((run) => titles(run))).toEqual([
    ...Array.from({ length: 6 }, () => []),
    // Nobody borrows the login of a job beside.
    ['The registry refused the credentials'],
    ['The registry refused the credentials'],
  ])
  const docker = join(bed.dir, 'docker-by-hand')
  await mkdir(docker)
  await bed.cosign(
    ['login', secured.name, `--username=${alice.username}`, '--password-stdin'],
    { DOCKER_CONFIG: docker },
    { input: alice.password },
  )
  for (const [job, { tag, key }] of jobs.slice(0, 6).entries()) {
    const claims = await claimsByHand(bed, tag, key, { env: { DOCKER_CONFIG: docker } })
    expect([job, claims]).toEqual([job, [`${SIGN_CLAIM} ${runs[job]?.outputs.digest}`]])
    const other = keys.find((one) => one !== key) as CosignKey
    expect(await claimsByHand(bed, tag, other, { env: { DOCKER_CONFIG: docker } })).toEqual([])
  }
  expect(await leftBehind()).toEqual([])
})

describe('one digest', () => {
  test('signed by six jobs with a key each keeps all six signatures', async () => {
    const { bed } = bench
    const { digest } = await bed.makeImage({ name: 'shared:1', marker: 'shared' })
    const keys = await Promise.all(Array.from({ length: 6 }, (_, at) => bed.keys.quick(`shared-${at}`)))
    const jobs = keys.map((key, at) => ({ tag: `${bed.registry.name}/shared:${at}`, image: 'shared:1', key }))
    const runs = await Promise.all(jobs.map(sign))
    expect(runs.flatMap((run) => titles(run))).toEqual([])
    expect(await countBundles(bed, 'shared', digest)).toBe(6)
    for (const { tag, key } of jobs) expect(await claimsByHand(bed, tag, key)).toEqual([`${SIGN_CLAIM} ${digest}`])
    expect(runs.some((run) => run.log.includes('on this machine, which publishes'))).toBe(true)
    expect(await leftBehind()).toEqual([])
  })

  test('signed by four jobs with the same key gets one signature', async () => {
    const { bed } = bench
    const key = await bed.keys.quick('same')
    const { digest } = await bed.makeImage({ name: 'same:1', marker: 'same' })
    const tag = `${bed.registry.name}/same:1`
    const runs = await Promise.all([1, 2, 3, 4].map(() => sign({ tag, image: 'same:1', key })))
    expect(runs.flatMap((run) => titles(run))).toEqual([])
    expect(await countBundles(bed, 'same', digest)).toBe(1)
    expect(runs.map((run) => imagesOf(run)[0]?.alreadySigned).sort()).toEqual([false, true, true, true])
    expect(new Set(runs.map((run) => run.outputs.signature)).size).toBe(1)
    expect(await ownTags(bed, 'same')).toEqual(['1'])
  })
})
