import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { artifactLines } from '../../src/report/artifacts'
import { githubWorkflow } from '../../src/report/workflow'
import { digestOf } from '../support/bundles'

const image = (repository: string, digit: string, ...tags: string[]) => ({ repository, digest: digestOf(digit), tags })
const declared = (...pairs: [string, string][]) =>
  JSON.stringify({ version: 1, subjects: pairs.map(([name, digest]) => ({ name, digest, kind: 'oci' })) })

describe('what is declared as published', () => {
  test('is each image by its repository', () => {
    expect(artifactLines([image('a.b/app', 'a', '1', '2'), image('a.b/web', 'b', '1')], '')).toEqual([
      `oci://a.b/app@${digestOf('a')}`,
      `oci://a.b/web@${digestOf('b')}`,
    ])
  })

  test('is by tag where the repository stands for another digest, since the runner would refuse it', () => {
    const images = [image('a.b/app', 'a', '1'), image('a.b/app', 'b', '2'), image('a.b/app', 'b', '2')]
    expect(artifactLines(images, '')).toEqual([`oci://a.b/app@${digestOf('a')}`, `oci://a.b/app:2@${digestOf('b')}`])
    const before = declared(['a.b/app', digestOf('c')], ['a.b/app:1', digestOf('c')])
    expect(artifactLines([image('a.b/app', 'a', '1', '2')], before)).toEqual([`oci://a.b/app:2@${digestOf('a')}`])
    expect(artifactLines([image('a.b/app', 'a', '1')], before)).toEqual([])
  })

  test('is nothing that was declared already, and at most what the runner takes', () => {
    expect(artifactLines([image('a.b/app', 'a', '1')], declared(['a.b/app', digestOf('a')]))).toEqual([])
    const many = Array.from({ length: 600 }, (_, index) => image(`a.b/app${index}`, 'a', '1'))
    expect(artifactLines(many, '')).toHaveLength(500)
  })

  test.each(['', 'no JSON', '{}', '{"subjects":[{"name":1}]}'])('is everything where the list is %j', (list) => {
    expect(artifactLines([image('a.b/app', 'a', '1')], list)).toHaveLength(1)
  })
})

describe('the file of the runner', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'artifacts-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  test('gets the lines, behind those of others', async () => {
    const [file, list] = [join(folder, 'artifacts'), join(folder, 'list')]
    await writeFile(file, '# mine\n')
    await writeFile(list, declared(['a.b/app', digestOf('a')]))
    const workflow = githubWorkflow({ GITHUB_ARTIFACTS: file, GITHUB_ARTIFACTS_LIST: list })
    workflow.declareArtifacts([image('a.b/app', 'a', '1'), image('a.b/web', 'b', '1')])
    expect(await readFile(file, 'utf8')).toBe(`# mine\noci://a.b/web@${digestOf('b')}\n`)
  })

  test('may be absent', () => {
    expect(() => githubWorkflow({}).declareArtifacts([image('a.b/app', 'a', '1')])).not.toThrow()
  })
})
