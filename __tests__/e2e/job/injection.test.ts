/**
 * Tools and registries that talk to the runner: what they say is shown, and never done.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { CosignKey } from '../../bed/sigstore/keys'
import type { ActionRun } from '../../runner/run-action'
import { titles, told } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

const COMMANDS = [
  '::error title=hijacked::hijacked',
  '  ::warning::hijacked',
  '::set-output name=result::hijacked',
  '::set-output name=digest::hijacked',
  '::add-mask::hijacked-mask',
  '::add-path::/hijacked',
  '::set-env name=HIJACKED::yes',
  '::stop-commands::hijacked',
  '##[error]hijacked',
  '\u001b[2J::notice::hijacked',
  'x\r::error::hijacked',
  'ghadelimiter_0\nresult=hijacked',
  '\u001b]8;;http://hijacked\u0007',
]

let bench: Workbench
let key: CosignKey

beforeAll(async () => {
  bench = await startWorkbench()
  key = await bench.bed.keys.quick('key')
  await bench.bed.makeImage({ name: 'said:1', marker: 'said' })
}, 40 * 60_000)

afterAll(async () => bench?.stop(), 60_000)

function expectUnmoved(run: ActionRun): void {
  const ours = run.annotations.filter(({ title = '' }) => /hijacked/i.test(title))
  expect(ours).toEqual([])
  expect(run.annotations.filter(({ message }) => message === 'hijacked')).toEqual([])
  expect(Object.values(run.outputs).filter((value) => value === 'hijacked')).toEqual([])
  expect([run.exportedEnv, run.addedPath]).toEqual([{}, []])
  expect(run.masks.filter((mask) => mask.includes('hijacked'))).toEqual([])
  expect(run.summary).not.toContain('hijacked')
}

function sign(tag: string, job: Parameters<Workbench['sign']>[1] = {}) {
  return bench.sign({ image: 'said:1', tags: tag, key: key.privatePem, 'key-password': key.password }, job)
}

test('a cosign that prints commands of the runner', async () => {
  const lines = COMMANDS.map((line) => `printf '%s\\n' '${line}' | tee /dev/stderr`).join('\n')
  const text = (real: string) => `#!/bin/bash\nif [[ $1 == sign ]]; then\n${lines}\nfi\nexec '${real}' "$@"\n`
  const finch = await bench.otherFinch('talking', { replace: { cosign: text } })
  const run = await sign(`${bench.bed.registry.name}/talking:1`, { finch })
  expect(titles(run)).toEqual([])
  expectUnmoved(run)
  expect(run.log).toContain('| ::error title=hijacked::hijacked')
  expect(run.outputs.digest).toMatch(/^sha256:/)
})

test('a cosign that fails with commands of the runner', async () => {
  const lines = COMMANDS.map((line) => `printf '%s\\n' '${line}' >&2`).join('\n')
  const finch = await bench.otherFinch('failing', {
    replace: {
      cosign: () => `#!/bin/bash\n[[ $1 == version ]] && echo '{"gitVersion":"v3.0.5"}' && exit\n${lines}\nexit 1\n`,
    },
  })
  for (const run of [
    await sign(`${bench.bed.registry.name}/failing:1`, { finch }),
    await bench.verify({ images: `${bench.bed.registry.name}/talking:1`, key: key.publicPem }, { finch }),
  ]) {
    expect(titles(run)).toEqual(['cosign failed'])
    expectUnmoved(run)
  }
})

describe('a registry that answers with commands of the runner', () => {
  const body = COMMANDS.join('\n')
  test.each([
    ['in an error', { status: 403, body }],
    ['as content', { status: 200, body }],
    ['as the name of a type', { status: 200, body: JSON.stringify({ mediaType: body, config: body, layers: body }) }],
    [
      'as a challenge',
      { status: 401, body, headers: { 'www-authenticate': `Bearer realm="${encodeURI(COMMANDS[0] ?? '')}"` } },
    ],
  ])('%s', async (_what, fault) => {
    const proxy = await bench.proxy([{ path: /manifests/, ...fault }])
    const signed = await sign(`${proxy.name}/said:1`)
    const verified = await bench.verify({ images: `${proxy.name}/said:1`, key: key.publicPem })
    for (const run of [signed, verified]) {
      expect(run.outcome).toBe('failure')
      expect(told(run, 'error')).toHaveLength(1)
      expectUnmoved(run)
    }
    expect(verified.outputs.result).toBe('error')
  })
})
