/** The actions under the real Nodes that runners have had since GitHub's first with Node 20, and those to come. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { nodeFolder, prepareNode } from '../../bed/build/nodes'
import type { CosignKey } from '../../bed/sigstore/keys'
import { titles } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(300_000)

/** The first and some later ones of each major version: what a standard library lacks, it lacks in the first. */
const NODES = ['20.0.0', '20.9.0', '22.0.0', '24.21.0']

let bench: Workbench
let key: CosignKey

beforeAll(async () => {
  ;[bench] = await Promise.all([startWorkbench(), ...NODES.map(prepareNode)])
  key = await bench.bed.keys.quick('key')
  await bench.bed.makeImage({ name: 'app:build', marker: 'nodes' })
}, 40 * 60_000)

afterAll(() => bench?.stop(), 60_000)

describe.each(NODES)('under Node %s', (version) => {
  test('an image is published, and a gate reads the files that name it', async () => {
    const folder = join(bench.bed.dir, `node-${version}`)
    const record = `${folder}.record`
    const bin = await nodeFolder(folder, await prepareNode(version), record)
    const env = { PATH: `${bin}:${bench.bed.finch.bin}:${process.env.PATH}` }
    const name = `${bench.bed.registry.name}/nodes:${version}`
    const signed = await bench.sign(
      { image: 'app:build', tags: name, key: key.privatePem, 'key-password': key.password },
      { env },
    )
    expect([signed.outcome, titles(signed)]).toEqual(['success', []])
    await writeFile(join(folder, 'Dockerfile'), `FROM ${name}\nRUN true\n`)
    await writeFile(
      join(folder, 'pod.yaml'),
      `kind: Pod\napiVersion: v1\nspec: {containers: [{name: a, image: '${name}'}]}\n`,
    )
    const inputs = { files: 'Dockerfile\npod.yaml', key: key.publicPem, 'transparency-log': 'ignore' }
    const verified = await bench.verify(inputs, { env, workspace: folder })
    if (version === '20.0.0') {
      expect([verified.outcome, titles(verified)]).toEqual(['failure', ['This Node cannot read files']])
      const named = await bench.verify({ ...inputs, files: '', images: name }, { env, workspace: folder })
      return expect([named.outcome, named.outputs.result]).toEqual(['success', 'passed'])
    }
    expect([verified.outcome, verified.outputs.result, titles(verified)]).toEqual(['success', 'passed', []])
    expect(verified.outputs.digest).toBe(signed.outputs.digest)
    expect((await readFile(record, 'utf8')).split('\n').length).toBeGreaterThan(8)
  })
})
