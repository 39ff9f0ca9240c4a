/**
 * A cosign that hangs, shouts, or is killed: the step ends in time, says what it was, and leaves no process behind.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startTime } from '../../bed/daemon'
import type { CosignKey } from '../../bed/sigstore/keys'
import { claimsByHand, ownTags, titles, told } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(120_000)

let bench: Workbench
let key: CosignKey
let host: string

beforeAll(async () => {
  bench = await startWorkbench()
  key = await bench.bed.keys.quick('key')
  host = bench.bed.registry.name
  await bench.bed.makeImage({ name: 'tools:1', marker: 'tools' })
}, 40 * 60_000)

afterAll(async () => bench?.stop(), 60_000)

/** Signs with a cosign whose command `sign` begins with a script. */
async function signWith(name: string, script: string, inputs: Record<string, string> = {}) {
  const text = (real: string) => `#!/bin/bash\nif [[ $1 == sign ]]; then\n${script}\nfi\nexec '${real}' "$@"\n`
  const finch = await bench.otherFinch(name, { replace: { cosign: text } })
  const signing = { key: key.privatePem, 'key-password': key.password, timeout: '5s' }
  return bench.sign({ image: 'tools:1', tags: `${host}/${name}:1`, ...signing, ...inputs }, { finch })
}

const MEGABYTE = "head -c 1000000 /dev/zero | tr '\\0' x >&2; echo >&2"

describe('cosign sign', () => {
  test('that prints a line of a megabyte has signed all the same, and the log stays small', async () => {
    const run = await signWith('shouting', MEGABYTE)
    expect(titles(run)).toEqual([])
    expect(Math.max(...run.rawLog.split('\n').map((line) => line.length))).toBeLessThan(5000)
    expect(await claimsByHand(bench.bed, `${host}/shouting:1`, key)).toHaveLength(1)
  })

  test('that prints a line of a megabyte makes finch push hang: the time limit ends both', async () => {
    const run = await signWith('deadlock', `${MEGABYTE}; ${MEGABYTE}`, { publish: 'finch' })
    expect(titles(run)).toEqual(['A tool took too long'])
    expect(told(run, 'error')[0]?.message).toMatch(/^finch push had not finished after 5 s/)
    expect(run.orphans).toEqual([])
  })

  const stubborn = (pid: string) => `trap '' TERM INT; echo $BASHPID >'${pid}'; while :; do sleep 1; done`
  test.each<[string, (pid: string) => string]>([
    ['that never ends', (pid) => `echo $$ >'${pid}'; sleep 600`],
    ['that does not care for SIGTERM', stubborn],
    [
      'whose child has left its group',
      (pid) => `(setsid bash -c "${stubborn(pid).replace('$', '\\$')}" >/dev/null 2>&1 &); sleep 600`,
    ],
  ])('%s is ended with all its children', async (what, script) => {
    const name = what.toLowerCase().replaceAll(/\W/g, '-')
    const file = join(bench.bed.dir, `${name}.pid`)
    const run = await signWith(name, script(file))
    expect(titles(run)).toEqual(['A tool took too long'])
    expect(told(run, 'error')[0]?.message).toMatch(/^cosign sign had not finished after 5 s/)
    expect(await startTime(Number(await readFile(file, 'utf8')))).toBeUndefined()
    expect(run.orphans).toEqual([])
    expect(await ownTags(bench.bed, name)).toEqual([])
  })

  test.each(['atomic', 'finch'])('that the kernel has killed is named so, publish: %s', async (publish) => {
    const run = await signWith(`killed-${publish}`, 'kill -KILL $$', { publish })
    expect(titles(run)).toEqual(['A tool was killed'])
    expect(run.outputs.digest).toBe('')
  })
})
