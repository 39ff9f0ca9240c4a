import { realpathSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from '@jest/globals'
import { judgeReadings } from '../../src/domain/verification/files/findings'
import { readDockerfile } from '../../src/reader/dockerfiles'
import { type Found, nothing, type ProgramName } from '../../src/reader/programs'
import { READ_LIMITS } from '../../src/reader/protocol'
import { readFiles } from '../../src/reader/read-files'
import { temporaryFolders } from '../support/temporary'

const folder = temporaryFolders()
const PROBLEM = {
  text: 'Dockerfile',
  file: 'Dockerfile',
  line: 1,
  why: 'the parser died of it',
  cause: 'invalid' as const,
}

test.each<[string, boolean, number]>([
  ['dies', true, 1],
  ['refuses', false, 0],
])('a Dockerfile that one BuildKit reads and the other %s', async (_, died, problems) => {
  const ask = async (name: ProgramName): Promise<Found> => {
    return name === 'dockerfile' ? nothing('dockerfile') : { ...nothing('other'), died, problems: [PROBLEM] }
  }
  const read = await readDockerfile({ ask }, '/workspace', 'Dockerfile')
  expect([read.died, read.problems.length]).toEqual([died, problems])
})

test.each(['Dockerfile', 'pod.yaml'])('%s that takes too long is not passed over', async (path) => {
  const workspace = realpathSync(folder())
  writeFileSync(join(workspace, path), 'FROM ghcr.io/team/app:1\n')
  const files = [{ path, as: 'auto' as const }]
  const request = { parsers: resolve('dist/reader'), workspace, files, environment: {} }
  const limits = { ...READ_LIMITS, totalTime: 0 }
  const [answer] = (await readFiles(request, limits, new AbortController().signal)).files
  expect(answer?.died).toBe(true)
  const options = { areTemplatesAllowed: true, lineOf: () => '', isSecret: () => false }
  const { unresolved } = judgeReadings(answer === undefined ? [] : [answer], options)
  expect(unresolved.map(({ kind }) => kind)).toContain('file')
})
