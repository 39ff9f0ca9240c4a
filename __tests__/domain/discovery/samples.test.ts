import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { ComposePorts } from '../../../src/domain/discovery/compose'
import { discoverImages } from '../../../src/domain/discovery/discover'

const SAMPLES = resolve(import.meta.dirname, '../../samples')
const FOLDER = join(SAMPLES, 'discovery')
/** Made by hand from reading the samples: file → lines and names. */
const expected: Record<string, [number, string][]> = JSON.parse(
  readFileSync(join(SAMPLES, 'discovery.expected.json'), 'utf8'),
)
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((path) => statSync(join(FOLDER, path)).isFile() && basename(path) !== '.env')
  .sort()

const ports: ComposePorts = {
  environment: new Map(),
  readFile: (path) => {
    try {
      return readFileSync(join(FOLDER, path), 'utf8')
    } catch {
      return undefined
    }
  },
}

const discover = (path: string) => discoverImages({ path, text: readFileSync(join(FOLDER, path), 'utf8') }, ports)
const everything = files.map(discover)

describe('the samples', () => {
  test('name at least sixty references, and each file is in the hand-made list', () => {
    expect(Object.values(expected).flat().length).toBeGreaterThanOrEqual(60)
    expect(files).toEqual(Object.keys(expected).sort())
  })

  test.each(files)('%s: every reference is found on its line, and none is invented', (file) => {
    const found = everything
      .flatMap(({ images }) => images)
      .filter((image) => image.file === file)
      .map(({ line, name }) => `${line} ${name}`)
    expect([...new Set(found)].sort()).toEqual((expected[file] ?? []).map(([line, name]) => `${line} ${name}`).sort())
  })

  test('what is open is listed with its line', () => {
    const open = everything.flatMap(({ unresolved }) => unresolved)
    expect(open.map(({ file, line, cause }) => `${file}:${line} ${cause}`).sort()).toEqual(
      [
        '.github/workflows/ci.yml:28 template',
        'compose/docker-compose.open.yml:4 template',
        'compose/docker-compose.open.yml:10 invalid',
        'compose/docker-compose.open.yml:11 invalid',
        'compose/docker-compose.open.yml:13 template',
        'docker/open.dockerfile:2 template',
        'docker/open.dockerfile:3 template',
        'docker/open.dockerfile:4 template',
        'docker/open.dockerfile:5 invalid',
        'k8s/helm.yaml:4 template',
        'k8s/helm.yaml:15 template',
        'k8s/kustomization.yaml:8 template',
      ].sort(),
    )
  })

  test('the column is where the text begins', () => {
    const columns = new Map(everything.flatMap(({ images }) => images.map((image) => [image.name, image.column])))
    expect(columns.get('node:22.11-alpine')).toBe('FROM --platform=$BUILDPLATFORM '.length + 1)
    expect(columns.get('ghcr.io/acme/main:1.0.0')).toBe('      image: '.length + 1)
    expect(columns.get('ghcr.io/acme/flow:2')).toBe('    - {name: flow, image: '.length + 1)
  })

  test('the kinds are told apart', () => {
    const kinds = Object.fromEntries(files.map((file, index) => [file, everything[index]?.kind]))
    expect(kinds).toMatchObject({
      'docker/windows.Dockerfile': 'dockerfile',
      'compose/shared/base.yaml': 'compose',
      'k8s/list.yml': 'kubernetes',
      'k8s/values.yaml': 'other',
      'README.txt': 'other',
      '.github/workflows/ci.yml': 'workflow',
      'actions/action.yaml': 'action',
    })
  })

  test('Windows line ends and a byte order mark change nothing', () => {
    for (const [index, path] of files.entries()) {
      const text = readFileSync(join(FOLDER, path), 'utf8')
      const other = discoverImages({ path, text: `\ufeff${text.replaceAll('\n', '\r\n')}` }, ports)
      expect(other.images.map(({ line, name }) => [line, name])).toEqual(
        everything[index]?.images.map(({ line, name }) => [line, name]),
      )
    }
  })
})
