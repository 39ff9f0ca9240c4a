import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { makeCertificate } from '../../bed/registry/tls'
import { type CosignKey, pemKey } from '../../bed/sigstore/keys'
import { bad } from '../support/bad-inputs'
import { titles, told } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(30_000)

let bench: Workbench
let key: CosignKey
let other: CosignKey
let certificate: string

beforeAll(async () => {
  bench = await startWorkbench()
  key = await bench.bed.keys.quick('key', 'right')
  other = await bench.bed.keys.quick('other', 'left')
  certificate = await readFile((await makeCertificate(join(bench.bed.dir, 'tls'), ['localhost'])).certificate, 'utf8')
  await bench.bed.makeImage({ name: 'app:1' })
}, 40 * 60_000)

afterAll(async () => {
  await bench?.stop()
}, 60_000)

/** The run with one bad input; the next one is started beside it. */
async function started(name: string) {
  const names = Object.keys(bad)
  const ahead = names.slice(0, names.indexOf(name) + 3)
  for (const one of ahead) runs.set(one, runs.get(one) ?? start(one))
  const found = runs.get(name)
  if (found === undefined) throw new Error(`no run ${name}`)
  return found
}

async function start(name: string) {
  const { inputs, title, says, github } = bad[name]?.({ key, other, certificate }) ?? {
    inputs: {},
    title: '',
    says: /^$/,
  }
  const host = bench.bed.registry.name
  const filled = Object.entries(inputs).map(([input, value]) => [input, value.replaceAll('{host}', host)])
  const good = { image: 'app:1', tags: `${host}/app:1`, key: key.privatePem, 'key-password': 'right' }
  const job = github === undefined ? {} : { github }
  return { title, says, run: await bench.sign({ ...good, ...Object.fromEntries(filled) }, job) }
}

const runs = new Map<string, ReturnType<typeof start>>()

describe('sign refuses before anything is pushed', () => {
  test.each(Object.keys(bad))('%s', async (name) => {
    const { title, says, run } = await started(name)
    expect(run.outcome).toBe('failure')
    expect(titles(run)).toEqual([title])
    expect(told(run, 'error')[0]?.message).toMatch(says)
    expect(run.rawLog).not.toMatch(/tiger-lily-9/)
    expect(run.outputs.digest).toBe('')
    expect(await bench.bed.registry.catalog()).toEqual([])
  })
})

describe('verify refuses', () => {
  const cases: Record<string, [() => Record<string, string>, string]> = {
    'no images': [() => ({ images: '' }), 'There is nothing to verify'],
    'a private key': [() => ({ key: key.privatePem }), 'Input "key" holds a private key'],
    'an Ed25519 key': [
      () => ({ key: pemKey('ed25519').publicPem }),
      'Input "key" has a type of key that cannot be used',
    ],
    'an unknown mode': [() => ({ mode: 'lenient' }), 'Input "mode" is not valid'],
    'a threshold that two of the same key do not reach': [
      () => ({ key: `${key.publicPem}${key.publicPem}`, threshold: '2' }),
      'The threshold cannot be reached',
    ],
    'an input without the one it belongs to': [() => ({ 'changed-only': 'true' }), 'These inputs do not go together'],
  }

  test.each(Object.keys(cases))('%s: the result is error', async (name) => {
    const [inputs, title] = cases[name] ?? [() => ({}), '']
    const run = await bench.verify({ images: `${bench.bed.registry.name}/app:1`, key: key.publicPem, ...inputs() })
    expect(run.outcome).toBe('failure')
    expect(titles(run)).toEqual([title])
    expect(run.outputs).toMatchObject({ result: 'error', verified: 'false', images: '[]' })
  })
})
