// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the files that are read
import { describe, expect, test } from '@jest/globals'
import { type ComposeProject, readCompose } from '../../../src/domain/discovery/compose'

/** Reads `compose.yaml` of a project given as its files. */
function project(files: Record<string, string>, environment: Record<string, string> = {}): ComposeProject {
  const ports = { environment: new Map(Object.entries(environment)), readFile: (path: string) => files[path] }
  return readCompose({ path: 'app/compose.yaml', text: files['app/compose.yaml'] ?? '' }, ports)
}

const one = (text: string, environment: Record<string, string> = {}) =>
  project({ 'app/compose.yaml': text }, environment)
const images = ({ services }: ComposeProject) =>
  services.map(({ name, image }) => (image === undefined ? name : `${name} ${image.file}:${image.line} ${image.text}`))
const problems = (read: ComposeProject) =>
  read.problems.map(({ file, line, service, key, kind }) => [`${file}:${line}`, service, key, kind])

describe('services', () => {
  test('are read with all that matters', () => {
    const read = one(
      [
        'services:',
        '  web:',
        '    image: a/b:1',
        '    build: .',
        '    profiles: [x, y]',
        '    x-nerdctl-verify: cosign',
        '    x-nerdctl-cosign-public-key: keys/c.pub',
        '    x-nerdctl-cosign-certificate-identity: i',
        '    x-nerdctl-cosign-certificate-identity-regexp: ir',
        '    x-nerdctl-cosign-certificate-oidc-issuer: o',
        '    x-nerdctl-cosign-certificate-oidc-issuer-regexp: or',
        '    x-nerdctl-sign: cosign',
        '    x-nerdctl-cosign-private-key: keys/c.key',
      ].join('\n'),
    )
    const at = (value: string, line: number) => ({ value, file: 'app/compose.yaml', line })
    expect(read.problems).toEqual([])
    expect(read.services).toMatchObject([
      {
        name: 'web',
        image: { text: 'a/b:1', file: 'app/compose.yaml', line: 3, column: 12 },
        hasBuild: true,
        profiles: ['x', 'y'],
        file: 'app/compose.yaml',
        line: 2,
        nerdctl: {
          verify: at('cosign', 6),
          cosignPublicKey: at('keys/c.pub', 7),
          certificateIdentity: at('i', 8),
          certificateIdentityRegexp: at('ir', 9),
          certificateOidcIssuer: at('o', 10),
          certificateOidcIssuerRegexp: at('or', 11),
          sign: at('cosign', 12),
          cosignPrivateKey: at('keys/c.key', 13),
        },
      },
    ])
  })

  test('names that YAML 1.1 takes for something else stay what they are', () => {
    const read = one(
      'services:\n  on: {image: a/b:1}\n  no: {image: a/b:2}\n  1.10: {image: a/b:3}\n  ~: {image: a/b:4}',
    )
    expect(read.services.map(({ name }) => name)).toEqual(['on', 'no', '1.10', '~'])
  })

  test.each([
    ['true', 'x-nerdctl-verify: true'],
    ['nothing', 'x-nerdctl-verify:'],
    ['~', 'x-nerdctl-sign: ~'],
    ['a number', 'x-nerdctl-cosign-public-key: 12'],
    ['a number with _', 'x-nerdctl-cosign-public-key: 1_000'],
    ['a fraction with _', 'x-nerdctl-cosign-public-key: 1_0.5'],
    ['text that is tagged a number', 'x-nerdctl-cosign-public-key: !!int "5"'],
    ['a date', 'x-nerdctl-cosign-public-key: 2026-01-02'],
    ['a list', 'x-nerdctl-cosign-private-key: [a]'],
    ['a mapping', 'x-nerdctl-cosign-certificate-identity: {a: b}'],
  ])('what makes nerdctl crash is named by key and line: %s', (_what, line) => {
    const read = one(`services:\n  web:\n    image: a/b:1\n    ${line}`)
    expect(problems(read)).toEqual([['app/compose.yaml:4', 'web', line.split(':')[0], 'panic']])
    expect(read.services[0]?.nerdctl).toEqual({})
  })

  // What is text and what is not was compared with compose-go 2.10, which nerdctl 2.2.2 uses.
  test.each(['1.2.3', '12:30:00', '_1', 'yes', 'off', '"true"', "'12'", '!!str true', 'none'])(
    'x-nerdctl-verify: %s is text for nerdctl',
    (value) => {
      expect(one(`services:\n  web:\n    image: a/b:1\n    x-nerdctl-verify: ${value}`).problems).toEqual([])
    },
  )

  test('several documents are laid over each other', () => {
    const read = one(
      'services:\n  w: {image: a/b:1}\n---\nservices:\n  w: {x-nerdctl-verify: cosign}\n  v: {image: a/c}',
    )
    expect(read.problems).toEqual([])
    expect(images(read)).toEqual(['w app/compose.yaml:2 a/b:1', 'v app/compose.yaml:6 a/c'])
    expect(read.services[0]?.nerdctl.verify?.value).toBe('cosign')
  })

  test('a key that nerdctl would ignore is a problem', () => {
    const read = one('services:\n  web:\n    image: a/b:1\n    x-nerdctl-cosign-key: k')
    expect(problems(read)).toEqual([['app/compose.yaml:4', 'web', 'x-nerdctl-cosign-key', 'invalid']])
  })

  test.each([
    ['neither image nor build', 'services:\n  web: {}', [['app/compose.yaml:2', 'web', undefined, 'invalid']]],
    ['no mapping', 'services:\n  web: x', [['app/compose.yaml:2', 'web', undefined, 'invalid']]],
    ['no mapping at all', 'services: [x]', [['app/compose.yaml:1', undefined, undefined, 'invalid']]],
    ['an image that is a number', 'services:\n  w: {image: 1.1}', [['app/compose.yaml:2', 'w', 'image', 'invalid']]],
    [
      'a key twice',
      'services:\n  w: {image: a/b}\n  w: {image: a/c}',
      [['app/compose.yaml:3', undefined, undefined, 'invalid']],
    ],
  ])('%s', (_what, text, expected) => {
    expect(problems(one(text))).toEqual(expected)
  })
})

describe('variables', () => {
  const files = (image: string) => ({
    'app/compose.yaml': `services:\n  w:\n    image: ${image}`,
    'app/.env': [
      '\ufeff# comment',
      'A=1',
      'export B="two" # x',
      "C='$A'",
      'D=${A}x # y',
      'E: e',
      'EMPTY=',
      'F="a\\tb\\$A"',
      'G=a#b',
      'not a line',
      'BIG=$BIG$BIG',
      'OUTER=inner',
    ].join('\n'),
  })

  test.each([
    ['i:$A', 'i:1'],
    ['i:${A}', 'i:1'],
    ['i:$B', 'i:two'],
    ['"i:$C"', 'i:$A'],
    ['i:$D', 'i:1x'],
    ['i:$E', 'i:e'],
    ['i:$G', 'i:a#b'],
    ['i:$F', 'i:a\tb$A'],
    ['i:$OUTER', 'i:outer'],
    ['i:${EMPTY:-x}', 'i:x'],
    ['i:${EMPTY-x}', 'i:'],
    ['i:${NONE-x}', 'i:x'],
    ['i:${NONE:-}', 'i:'],
    ['i:${A:+y}', 'i:y'],
    ['i:${EMPTY:+y}', 'i:'],
    ['i:${EMPTY+y}', 'i:y'],
    ['i:${NONE:-${A}-${NONE:-z}}', 'i:1-z'],
    ['i:${A:?no}', 'i:1'],
    ['i:$$A', 'i:$A'],
    ['i:$${A}', 'i:${A}'],
  ])('%s', (image, expected) => {
    expect(project(files(image), { OUTER: 'outer' }).services[0]?.image?.text).toBe(expected)
  })

  test.each([
    ['i:$NONE', 'unresolved'],
    ['i:${NONE}', 'unresolved'],
    ['i:${NONE:?why}', 'unresolved'],
    ['i:${EMPTY:?why}', 'unresolved'],
    ['i:${A', 'invalid'],
    ['i:${}', 'invalid'],
    ['i:${A/x/y}', 'invalid'],
    ['"i:$"', 'invalid'],
  ])('open: %s', (image, kind) => {
    const read = project(files(image))
    expect(read.services[0]?.image).toBeUndefined()
    expect(problems(read)).toEqual([['app/compose.yaml:3', 'w', 'image', kind]])
  })

  test('a key path whose variable is missing is open, not empty', () => {
    const read = one('services:\n  w:\n    image: a/b\n    x-nerdctl-cosign-private-key: $KEY')
    expect(problems(read)).toEqual([['app/compose.yaml:4', 'w', 'x-nerdctl-cosign-private-key', 'unresolved']])
  })
})

describe('extends', () => {
  test('takes over from the same file, and what the service says itself wins', () => {
    const read = one(
      [
        'services:',
        '  a: {image: a/a:1, x-nerdctl-verify: cosign, x-nerdctl-cosign-public-key: a.pub, profiles: [p]}',
        '  b: {extends: a, x-nerdctl-cosign-public-key: b.pub, profiles: [q]}',
        '  c: {extends: {service: b}, image: a/c:1, x-nerdctl-verify: !reset null}',
        '  d: {extends: b, image: }',
      ].join('\n'),
    )
    expect(read.problems).toEqual([])
    expect(images(read)).toEqual([
      'a app/compose.yaml:2 a/a:1',
      'b app/compose.yaml:2 a/a:1',
      'c app/compose.yaml:4 a/c:1',
      'd app/compose.yaml:2 a/a:1',
    ])
    expect(read.services[1]).toMatchObject({
      line: 3,
      profiles: ['p', 'q'],
      nerdctl: { verify: { value: 'cosign', line: 2 }, cosignPublicKey: { value: 'b.pub', line: 3 } },
    })
    expect(read.services[2]?.nerdctl).not.toHaveProperty('verify')
  })

  test('takes over from another file, whose own extends count from there', () => {
    const read = project({
      'app/compose.yaml': 'services:\n  w:\n    extends: {file: ../base/b.yaml, service: b}',
      'base/b.yaml': 'services:\n  b:\n    extends: {file: c/c.yaml, service: c}\n    build: .',
      'base/c/c.yaml': 'services:\n  c:\n    image: a/c:${T:-1}\n    x-nerdctl-cosign-private-key: k',
    })
    expect(images(read)).toEqual(['w base/c/c.yaml:3 a/c:1'])
    expect(read.services[0]).toMatchObject({
      hasBuild: true,
      file: 'app/compose.yaml',
      line: 2,
      nerdctl: { cosignPrivateKey: { file: 'base/c/c.yaml', line: 4 } },
    })
  })

  test.each([
    ['a file that is not there', '{file: x.yaml, service: b}', 'unresolved'],
    ['a file out of the workspace', '{file: ../../x.yaml, service: b}', 'invalid'],
    ['an absolute path', '{file: /etc/x.yaml, service: b}', 'invalid'],
    ['another machine', '{file: "https://a.b/x.yaml", service: b}', 'unresolved'],
    ['a service that is not there', 'x', 'invalid'],
    ['itself', 'w', 'invalid'],
    ['in a circle', 'v', 'invalid'],
    ['no service', '{file: x.yaml}', 'invalid'],
  ])('%s is a problem', (_what, from, kind) => {
    const read = one(`services:\n  w:\n    image: a/b\n    extends: ${from}\n  v: {extends: w, image: a/b}`)
    expect(problems(read)).toContainEqual([expect.stringMatching(/^app/), expect.anything(), undefined, kind])
  })
})

describe('include', () => {
  test('brings the services of other files, with the .env beside them', () => {
    const read = project({
      'app/compose.yaml': [
        'include:',
        '  - ../lib/compose.yaml',
        '  - {path: [x.yaml, y.yaml], env_file: x.env}',
        'services:',
        '  own: {image: "a/own:$T"}',
        '  z: {profiles: [p]}',
      ].join('\n'),
      'app/.env': 'T=app\nX=app',
      'app/x.env': 'X=no\nY=x',
      'app/x.yaml': 'services:\n  x: {image: "a/x:$X"}',
      'app/y.yaml': 'services:\n  y: {image: "a/y:$Y"}\n  x: {build: .}',
      'lib/compose.yaml': 'include: [more.yaml]\nservices:\n  lib: {image: "a/lib:$T-$L"}',
      'lib/more.yaml': 'services:\n  z: {image: a/z:1}',
      'lib/.env': 'T=lib\nL=1',
    })
    expect(read.problems).toEqual([])
    expect(images(read)).toEqual([
      'z lib/more.yaml:2 a/z:1',
      'lib lib/compose.yaml:3 a/lib:app-1',
      'x app/x.yaml:2 a/x:app',
      'y app/y.yaml:2 a/y:x',
      'own app/compose.yaml:5 a/own:app',
    ])
    expect(read.services.find(({ name }) => name === 'x')?.hasBuild).toBe(true)
  })

  test('a circle is a problem', () => {
    const read = project({ 'app/compose.yaml': 'include: [b.yaml]', 'app/b.yaml': 'include: [compose.yaml]' })
    expect(problems(read)).toEqual([['app/b.yaml:1', undefined, undefined, 'invalid']])
  })

  test('files without end are refused', () => {
    let count = 0
    const readFile = (path: string) => (path === '.env' ? undefined : `include: [a${++count}.yaml, b${count}.yaml]`)
    const read = () => readCompose({ path: 'c.yaml', text: 'include: [x.yaml]' }, { environment: new Map(), readFile })
    expect(read).toThrow(/more than 100 files/)
  })
})
