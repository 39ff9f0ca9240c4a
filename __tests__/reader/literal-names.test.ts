/** Whatever a file looks like to other parsers, and whatever is not rendered: a name that stands in it is seen. */
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { FileAnswer } from '../../src/reader/protocol'
import { filesBelow, readIn } from '../support/reader'

const TIME = 240_000
const SAMPLES = resolve(import.meta.dirname, '../samples/reader')
const HOSTILE = join(SAMPLES, 'hostile')
const dockerfiles = filesBelow(HOSTILE)

const named = (answer?: FileAnswer): string[] => [...new Set(answer?.images.map(({ name }) => name))].sort()
const open = (answer?: FileAnswer): string[] => (answer?.problems ?? []).map(({ cause, why }) => `${cause}: ${why}`)

describe('Dockerfiles that parsers of their own read wrongly', () => {
  let answers: readonly FileAnswer[] = []
  beforeAll(async () => {
    answers = await readIn(HOSTILE, dockerfiles)
  }, TIME)

  test.each(dockerfiles)('%s: the image that is built on is seen', (path) => {
    const answer = answers.find((one) => one.path === path)
    expect(named(answer)).toContain('registry.example/other/evil:1')
  })
})

/** File → names by themselves. */
const LITERAL: Readonly<Record<string, readonly string[]>> = {
  'chart/Chart.yaml': ['ghcr.io/acme/listed:1'],
  'chart/values.yaml': ['ghcr.io/acme/proxy:3', 'ghcr.io/acme/web:1', 'quay.io/acme/worker:2'],
  'chart/values-prod.yaml': ['ghcr.io/acme/web:prod'],
  'chart/templates/plain.yaml': ['ghcr.io/acme/plain:1'],
  'chart/templates/web.yaml': [
    'ghcr.io/acme/default:1',
    'ghcr.io/acme/flow:1',
    'ghcr.io/acme/folded:1',
    'ghcr.io/acme/next-line:1',
    `ghcr.io/acme/quoted@sha256:${'d'.repeat(64)}`,
  ],
  'kustomize/kustomization.yaml': [
    'ghcr.io/acme/inline:1',
    'ghcr.io/acme/merged:1',
    'ghcr.io/acme/patched:1',
    'ghcr.io/acme/replaced:1',
    'ghcr.io/acme/transformed:1',
    'ghcr.io/acme/web:2',
  ],
}

describe('charts and kustomizations: what is a name already is seen apart from what comes out of them', () => {
  let answers: readonly FileAnswer[] = []
  beforeAll(async () => {
    answers = await readIn(SAMPLES, Object.keys(LITERAL))
  }, TIME)

  test.each(Object.entries(LITERAL))('%s', (path, names) => {
    const answer = answers.find((one) => one.path === path)
    expect(named(answer)).toEqual(expect.arrayContaining([...names]))
    const isChart = path.startsWith('chart/')
    expect(open(answer)).toEqual(isChart ? [] : expect.arrayContaining([expect.stringMatching(/^template: kustomize/)]))
    expect(open(answer).filter((one) => one.startsWith('invalid'))).toEqual([])
  })
})
