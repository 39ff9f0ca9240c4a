import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Finch } from '../../bed/machine/finch'
import { isRoot } from '../../bed/process'
import type { CosignKey } from '../../bed/sigstore/keys'
import { script } from '../../support/temporary'
import { claimsByHand, SIGN_CLAIM, titles } from '../support/evidence'
import { forEverybody, makeUser, type TestUser } from '../support/user'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

const testAsRoot = isRoot() ? test : test.skip

let bench: Workbench
let key: CosignKey
let user: TestUser | undefined
let shared: { actions: string; finch: Finch }

beforeAll(async () => {
  bench = await startWorkbench()
  key = await bench.bed.keys.cosign('key', 'a password of choice')
  await bench.bed.makeImage({ name: 'choice:1' })
  if (!isRoot()) return
  shared = await forEverybody(bench)
  user = await makeUser()
  await user.allow('(ALL) NOPASSWD: ALL')
}, 40 * 60_000)

afterAll(async () => {
  await user?.remove()
  await bench?.stop()
}, 60_000)

/** A cosign that writes down that it was called, and then is the real one. */
function noted(name: string, real: string): string {
  return `#!/bin/bash\nprintf '%s %s\\n' ${name} "$1" >>'${notes}'\nexec '${real}' "$@"\n`
}

let notes = ''

/** A Finch with a cosign of its own, and another cosign in a folder for PATH. */
async function twoCosigns(name: string, cosign: string, nerdctl?: string) {
  notes = join(bench.bed.dir, `${name}.notes`)
  await writeFile(notes, '', { mode: 0o666 })
  const replace = { cosign: () => noted('own', cosign), ...(nerdctl && { nerdctl }) }
  const finch = await bench.otherFinch(name, { replace })
  const chosen = join(bench.bed.dir, `${name}-chosen`)
  await mkdir(chosen)
  script(chosen, 'cosign', noted('chosen', cosign).replace('#!/bin/bash\n', ''))
  return { finch, chosen, own: join(finch.libexec, 'cosign') }
}

const signedBy = async (): Promise<string[]> => {
  const lines = (await readFile(notes, 'utf8')).split('\n')
  return [...new Set(lines.filter((line) => line.endsWith(' sign')))]
}

describe('finch push --sign calls the cosign that was asked for', () => {
  test.each([
    ['system', 'chosen sign'],
    ['bundled', 'own sign'],
  ])('cosign-version: %s', async (version, expected) => {
    const { finch, chosen, own } = await twoCosigns(`choice-${version}`, bench.bed.toolchain.cosign)
    const before = await readFile(own)
    const repository = `${bench.bed.registry.name}/choice-${version}`
    const inputs = { image: 'choice:1', tags: `${repository}:1`, key: key.privatePem, 'key-password': key.password }
    const env = { PATH: `${chosen}:${finch.bin}:${process.env.PATH}` }
    const run = await bench.sign({ ...inputs, publish: 'finch', 'cosign-version': version }, { finch, env })
    expect([run.outcome, titles(run)]).toEqual(['success', []])
    expect(await signedBy()).toEqual([expected])
    expect(await claimsByHand(bench.bed, `${repository}:1`, key)).toEqual([`${SIGN_CLAIM} ${run.outputs.digest}`])
    expect((await readFile(own)).equals(before)).toBe(true)
    expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain(finch.libexec)
  })

  testAsRoot('also for an ordinary user with sudo', async () => {
    const { actions, finch: everybodys } = shared
    const cosign = join(bench.bed.dir, 'public', bench.bed.toolchain.cosign.split('/').at(-1) ?? '')
    const nerdctl = join(bench.bed.dir, 'public', bench.bed.toolchain.nerdctl.split('/').at(-1) ?? '')
    expect(everybodys.kind).toBe('stand-in')
    const { finch, chosen } = await twoCosigns('choice-user', cosign, nerdctl)
    const repository = `${bench.bed.registry.name}/choice-user`
    const inputs = { image: 'choice:1', tags: `${repository}:1`, key: key.privatePem, 'key-password': key.password }
    const env = { PATH: `${chosen}:${finch.bin}:${process.env.PATH}` }
    const job = { finch, actions, env, ...(user && { user }) }
    const run = await bench.sign({ ...inputs, publish: 'finch', 'cosign-version': 'system' }, job)
    expect([run.outcome, titles(run)]).toEqual(['success', []])
    expect(await signedBy()).toEqual(['chosen sign'])
  })
})
