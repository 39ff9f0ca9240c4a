import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { FileAnswer } from '../../src/reader/protocol'
import { filesBelow, readIn } from '../support/reader'
import { temporaryFolders } from '../support/temporary'

const TIME = 240_000
const SAMPLES = resolve(import.meta.dirname, '../samples')
const FOLDER = join(SAMPLES, 'discovery')
/**
 * Made by hand from reading the samples: file → lines and names. The line of a Dockerfile is the instruction's; compose
 * keeps none, so that it is the service's or 1 where the text is not the name.
 */
const expected: Record<string, [number, string][]> = JSON.parse(
  readFileSync(join(SAMPLES, 'discovery.expected.json'), 'utf8'),
)
const files = filesBelow(FOLDER).filter((path) => !path.endsWith('.env'))
const temporary = temporaryFolders()

const places = ({ images }: Pick<FileAnswer, 'images'>): string[] => images.map(({ line, name }) => `${line} ${name}`)

describe('the samples', () => {
  let everything: readonly FileAnswer[] = []
  beforeAll(async () => {
    everything = await readIn(FOLDER, files)
  }, TIME)

  test('name at least sixty references, and each file is in the hand-made list', () => {
    expect(Object.values(expected).flat().length).toBeGreaterThanOrEqual(60)
    expect(files).toEqual(Object.keys(expected).sort())
  })

  test.each(files)('%s: every reference is found on its line, and none is invented', (file) => {
    const found = everything.flatMap(({ images }) => images).filter((image) => image.file === file)
    expect([...new Set(places({ images: found }))].sort()).toEqual(
      (expected[file] ?? []).map(([line, name]) => `${line} ${name}`).sort(),
    )
  })

  test('what is open is listed with its line', () => {
    const open = everything.flatMap(({ problems }) => problems)
    expect(open.map(({ file, line, cause }) => `${file}:${line} ${cause}`).sort()).toEqual([
      // What is of no known kind and may name an image is not passed over.
      'README.txt:1 invalid',
      // The build of a service whose Dockerfile is not there.
      'compose/api/Dockerfile:1 invalid',
      // Compose refuses a project that lacks a required variable; the names in it are given all the same.
      'compose/docker-compose.open.yml:1 template',
      // BuildKit would fail: it takes what has no value for empty.
      'docker/open.dockerfile:2 invalid',
      'docker/open.dockerfile:3 invalid',
      'docker/open.dockerfile:5 invalid',
      'k8s/helm.yaml:1 template',
    ])
  })

  test('the kinds are told apart', () => {
    const kinds = Object.fromEntries(everything.map(({ path, kind }) => [path, kind]))
    expect(kinds).toMatchObject({
      'docker/windows.Dockerfile': 'dockerfile',
      'compose/shared/base.yaml': 'compose',
      'k8s/list.yml': 'kubernetes',
      'k8s/values.yaml': 'helm-values',
      'README.txt': 'other',
      '.github/workflows/ci.yml': 'workflow',
      'actions/action.yaml': 'action',
    })
  })

  test(
    'Windows line ends and a byte order mark change nothing',
    async () => {
      const folder = temporary()
      for (const path of filesBelow(FOLDER)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        const text = readFileSync(join(FOLDER, path), 'utf8')
        writeFileSync(join(folder, path), path.endsWith('.env') ? text : `\ufeff${text.replaceAll('\n', '\r\n')}`)
      }
      const other = await readIn(folder, files)
      expect(other.map((answer) => [answer.path, places(answer)])).toEqual(
        everything.map((answer) => [answer.path, places(answer)]),
      )
    },
    TIME,
  )
})
