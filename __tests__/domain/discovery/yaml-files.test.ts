// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the files that are read
import { describe, expect, test } from '@jest/globals'
import { discoverImages } from '../../../src/domain/discovery/discover'

const read = (text: string, path = 'a.yaml') => discoverImages({ path, text })
const names = (text: string, path?: string) => read(text, path).images.map(({ line, name }) => `${line} ${name}`)
const open = (text: string, path?: string) => read(text, path).unresolved.map(({ line, cause }) => `${line} ${cause}`)
const pod = (containers: string) => `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n${containers}`

describe('Kubernetes', () => {
  test.each([
    ['a key with escapes', pod('  - "im\\u0061ge": a/b:1'), '5 a/b:1'],
    ['JSON in YAML', '{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "a/b:1"}]}}', '1 a/b:1'],
    ['an explicit key', pod('  - ? image\n    : a/b:1'), '6 a/b:1'],
    ['a tag', pod('  - image: !!str a/b:1'), '5 a/b:1'],
    ['an alias', `x: &i a/b:1\n${pod('  - image: *i')}`, '6 a/b:1'],
    ['a merge key', `x: &c {image: a/b:1}\n${pod('  - <<: *c')}`, '1 a/b:1'],
    ['merge keys in a list', `x: &c {image: a/b:1}\n${pod('  - <<: [*c, {image: a/c:1}]')}`, '1 a/b:1'],
    ['a folded text', pod('  - image: >-\n      a/b:1'), '5 a/b:1'],
    ['a directive', `%YAML 1.1\n---\n${pod('  - image: a/b:1')}`, '7 a/b:1'],
    ['tabs after the value', pod('  - image: a/b:1\t# x'), '5 a/b:1'],
  ])('%s', (_what, text, expected) => {
    expect(names(text)).toEqual([expected])
    expect(open(text)).toEqual([])
  })

  test.each([
    ['a number', '  - image: 1.10', '5 invalid'],
    ['a list', '  - image: [a/b:1]', '5 invalid'],
    ['what is no reference', '  - image: https://a/b', '5 invalid'],
    ['an empty text', "  - image: ''", '5 invalid'],
    ['a template as text', "  - image: '{{ .Values.image }}'", '5 template'],
    ['a template as a mapping', '  - image: {{ image }}', '5 template'],
    ['a variable of envsubst', '  - image: a/b:${TAG}', '5 template'],
    ['a variable of Kustomize', '  - image: a/b:$(TAG)', '5 template'],
    ['the same key twice', '  - image: a/b:1\n    image: a/c:1', '6 invalid'],
    ['an alias of nothing', '  - image: *x', '5 invalid'],
    ['broken YAML', '  - image: a: b: c', '5 invalid'],
  ])('open: %s', (_what, containers, expected) => {
    expect(open(pod(containers))).toEqual(expect.arrayContaining([expected]))
  })

  test('an image that is left out is none', () => {
    expect(read(pod('  - name: x\n  - image:\n  - image: ~'))).toMatchObject({ images: [], unresolved: [] })
  })

  test('an alias that stands inside of what it names is a mistake, not a loop', () => {
    expect(open(`${pod('  - &x {image: a/b:1, more: [*x]}')}`)).toEqual(['5 invalid'])
  })

  test('templates that are no YAML: lines are read, and the file stays open', () => {
    const text = '{{- if .x }}\napiVersion: v1\nkind: Pod\nimage: a/b:1\n  - image: "{{ .y }}"\n{{ end }}'
    expect(names(text)).toEqual(['4 a/b:1'])
    expect(open(text)).toEqual(['1 template', '5 template'])
  })
})

describe('other YAML', () => {
  test.each([
    ['values', 'image: a/b:1'],
    ['services that are a list', 'services: [{image: a/b:1}]'],
    ['services that are texts', 'services: {a: b}'],
    ['empty', ''],
    ['a comment', '# image: a/b:1'],
  ])('%s names no image, and that is no error', (_what, text) => {
    expect(read(text)).toEqual({ kind: 'other', images: [], unresolved: [] })
  })

  test('a YAML file of another kind may be wrong; one that may be of ours may not', () => {
    expect(open('a: 1\na: 2')).toEqual([])
    expect(open('image: a/b:1\nimage: a/b:2')).toEqual(['2 invalid'])
  })
})

describe('workflows and actions', () => {
  const workflow = '.github/workflows/x.yml'
  test.each([
    ['container as text', 'jobs: {a: {container: a/b:1}}', ['1 a/b:1']],
    ['container as a mapping', 'jobs: {a: {container: {image: a/b:1, env: {image: no/no}}}}', ['1 a/b:1']],
    ['container with docker://', 'jobs: {a: {container: "docker://a/b:1"}}', ['1 a/b:1']],
    ['services', 'jobs: {a: {services: {x: {image: a/b:1}, y: {image: ""}}}}', ['1 a/b:1']],
    ['steps', 'jobs: {a: {steps: [{uses: "docker://a/b:1"}, {uses: ./x}, {run: x}]}}', ['1 a/b:1']],
    ['an anchor', 'jobs:\n  a: &a {container: a/b:1}\n  b: *a', ['2 a/b:1', '2 a/b:1']],
  ])('%s', (_what, text, expected) => {
    expect(names(text, workflow)).toEqual(expected)
  })

  test('an expression is open', () => {
    expect(open('jobs: {a: {container: "${{ inputs.image }}"}}', workflow)).toEqual(['1 template'])
  })

  test('a Dockerfile of an action is no image', () => {
    expect(read('runs: {using: docker, image: Dockerfile}', 'action.yml').images).toEqual([])
    expect(names('runs: {using: docker, image: "docker://a/b:1"}', 'x/action.yaml')).toEqual(['1 a/b:1'])
  })
})
