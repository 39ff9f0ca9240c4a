import { readdir, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Finch } from '../../bed/machine/finch'
import { isRoot } from '../../bed/process'
import type { CosignKey } from '../../bed/sigstore/keys'
import { claimsByHand, ownTags, SIGN_CLAIM, titles, told } from '../support/evidence'
import { forEverybody, makeUser, type TestUser } from '../support/user'
import { type JobOptions, startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

// The runner of the tests starts the steps as another user, which only root can.
const describeAsRoot = isRoot() ? describe : describe.skip

let bench: Workbench
let user: TestUser | undefined
let shared: { actions: string; finch: Finch }
let key: CosignKey
let host: string

beforeAll(async () => {
  if (!isRoot()) return
  bench = await startWorkbench()
  user = await makeUser()
  shared = await forEverybody(bench)
  key = await bench.bed.keys.quick('key', 'a password of the user')
  host = bench.bed.registry.name
  await bench.bed.makeImage({ name: 'app:1' })
}, 40 * 60_000)

afterAll(async () => {
  await user?.remove()
  await bench?.stop()
}, 60_000)

function someone(): TestUser {
  if (user === undefined) throw new Error('there is no user')
  return user
}

/** A job of the user's; `foreign` is filled with what it leaves that is not the user's. */
function job(foreign: string[] = []): JobOptions {
  return {
    ...shared,
    user: someone(),
    beforeWipe: async ({ temp, workspace }) => {
      foreign.push(...(await someone().foreign(temp, workspace, someone().home)))
    },
  }
}

function signing(repository: string, inputs: Record<string, string> = {}) {
  return { image: 'app:1', tags: `${repository}:1`, key: key.privatePem, 'key-password': key.password, ...inputs }
}

/** Processes of any user that were started with this text in their arguments. */
async function processesWith(text: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line.includes(text)).map((line) => line.replaceAll('\0', ' '))
}

describeAsRoot('an ordinary user with sudo', () => {
  test.each(['atomic', 'finch'])('signs with publish: %s and verifies, and owns all that is left', async (publish) => {
    await someone().allow('(ALL) NOPASSWD: ALL')
    const foreign: string[] = []
    const repository = `${host}/user-${publish}`
    const signed = await bench.sign(signing(repository, { publish }), job(foreign))
    expect([signed.outcome, titles(signed)]).toEqual(['success', []])
    expect(await claimsByHand(bench.bed, `${repository}:1`, key)).toEqual([`${SIGN_CLAIM} ${signed.outputs.digest}`])
    const verified = await bench.verify({ images: `${repository}:1`, key: key.publicPem }, job(foreign))
    expect([verified.outputs.result, titles(verified)]).toEqual(['passed', []])
    expect(foreign).toEqual([])
  })

  test('a rule that names SETENV is enough', async () => {
    await someone().allow(`(root) NOPASSWD:SETENV: ${shared.finch.path}, /usr/bin/kill, /bin/kill`)
    const run = await bench.sign(signing(`${host}/setenv`), job())
    expect([run.outcome, titles(run)]).toEqual(['success', []])
  })

  test.each([
    ['not preserve variables', '(ALL) NOPASSWD:NOSETENV: ALL'],
    ['not run Finch', '(ALL) NOPASSWD: /bin/true'],
    ['not do anything without a password', '(ALL) ALL'],
  ])('who may %s: an error that says so, and no tag', async (_, rule) => {
    await someone().allow(rule)
    const run = await bench.sign(signing(`${host}/forbidden`), job())
    expect([run.outcome, titles(run)]).toEqual(['failure', ['Finch needs root on Linux']])
    expect(told(run, 'error')[0]?.message).toMatch(/sudo/)
    expect(await bench.bed.registry.catalog()).not.toContain('forbidden')
  })

  test('a cancelled push ends with all that runs as root', async () => {
    await someone().allow('(ALL) NOPASSWD: ALL')
    const proxy = await bench.proxy(
      ['PATCH', 'PUT'].map((method) => ({ method, path: /blobs/, bytesPerSecond: 20_000 })),
    )
    // Of an image that the registry has in part already, only the rest would be pushed.
    await bench.bed.makeImage({ name: 'large:1', marker: 'large', sizeBytes: 2_000_000 })
    const controller = new AbortController()
    let at = 0
    const watch = setInterval(() => {
      if (at > 0 || !proxy.requests.some(({ method, path }) => /^(PATCH|PUT)$/.test(method) && /blobs/.test(path)))
        return
      at = Date.now()
      controller.abort()
    }, 20)
    const inputs = signing(`${proxy.name}/cancelled`, { image: 'large:1' })
    const run = await bench.sign(inputs, { ...job(), signal: controller.signal })
    clearInterval(watch)
    expect(run.outcome).toBe('cancelled')
    expect(Date.now() - at).toBeLessThan(7000)
    expect(await processesWith(`${proxy.name}/cancelled`)).toEqual([])
    expect(run.orphans).toEqual([])
    expect(run.log).toContain('cancelled during finch push')
    expect(await ownTags(bench.bed, 'cancelled')).toEqual([])
  })
})
