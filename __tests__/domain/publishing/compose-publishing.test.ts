import { describe, expect, test } from '@jest/globals'
import { formatReference } from '../../../src/domain/image/reference'
import { type ChoiceOptions, choosePublished } from '../../../src/domain/publishing/compose-publishing'
import { composeServices } from '../../support/compose'
import { failureOf } from '../../support/failure'

const KEYED: ChoiceOptions = { areNamed: false, hasKey: true, noSecrets: undefined }
const OWN_KEYS: ChoiceOptions = { ...KEYED, hasKey: false }

function servicesOf(text: string) {
  const [services, problems] = composeServices(`services:\n${text}`)
  expect(problems).toEqual([])
  return services
}

const choose = (text: string, options = KEYED) => choosePublished(servicesOf(text), options)
const names = (text: string, options = KEYED) => choose(text, options).published.map(({ name }) => name)

const ALL = `
  built: { image: "r.io/built:2", build: . }
  marked: { image: r.io/marked, x-nerdctl-sign: cosign }
  refused: { image: "r.io/refused:1", build: ., x-nerdctl-sign: none }
  foreign: { image: "postgres:16" }
  nameless: { build: . }
  local: { image: "tests:1", build: . }
`

describe('which services are published', () => {
  test('those that are built here, and those that the file asks to sign', () => {
    const { published, leftOut } = choose(ALL)
    expect(published.map(({ name, reference }) => `${name} ${formatReference(reference)}`)).toEqual([
      'built r.io/built:2',
      'marked r.io/marked:latest',
    ])
    expect(leftOut.map(({ service, why }) => [service, why])).toEqual([
      ['refused', expect.stringContaining('x-nerdctl-sign: none')],
      ['foreign', expect.stringContaining('no build:')],
      ['nameless', expect.stringContaining('no image:')],
      ['local', expect.stringContaining('names no registry')],
    ])
  })

  test('all that are named, whatever speaks against them', () => {
    const named = ALL.replace('  nameless: { build: . }\n', '').replaceAll(/(tests|postgres):/g, 'r.io/$1:')
    expect(names(named, { ...KEYED, areNamed: true })).toEqual(['built', 'marked', 'refused', 'foreign', 'local'])
  })

  test('but none that is named and has no image', async () => {
    const error = await failureOf(() => choose('  web: { build: . }\n', { ...KEYED, areNamed: true }))
    expect([error.code, error.message]).toEqual(['compose-invalid', expect.stringContaining('app/compose.yaml:2: ')])
  })

  test('or none at all, which is an error that lists why', async () => {
    const error = await failureOf(() => choose('  db: { image: "postgres:16" }\n  web: { build: . }\n'))
    expect(error.message).toMatch(/db \(postgres:16\): it has no build.*\nweb: it has no image/)
    expect(error.hint).toContain('"compose-services"')
  })
})

describe('the keys of the services', () => {
  const web = (more: string) => `  web:\n    image: r.io/web:1\n    build: .\n${more}`
  const SIGN = '    x-nerdctl-sign: cosign\n'
  const KEY = '    x-nerdctl-cosign-private-key: keys/a.key\n'

  test('stand in the compose file where the input "key" is empty', () => {
    expect(choose(web(SIGN + KEY), OWN_KEYS).published[0]?.key).toEqual({
      value: 'keys/a.key',
      file: 'app/compose.yaml',
      line: 6,
    })
    expect(choose(web(SIGN + KEY)).published[0]?.key).toBeUndefined()
  })

  test.each([
    ['', 'input-missing', /:3: .*"web".*no x-nerdctl-sign: cosign and x-nerdctl-cosign-private-key/],
    [SIGN, 'input-missing', /"web".*no x-nerdctl-cosign-private-key/],
    [`${SIGN}    x-nerdctl-cosign-private-key: " "\n`, 'input-missing', /"web"/],
    [KEY, 'compose-invalid', /:5: .*without x-nerdctl-sign/],
    ['    x-nerdctl-sign: notation\n', 'compose-invalid', /:5: .*x-nerdctl-sign: notation/],
    ['    x-nerdctl-sign: ""\n', 'compose-invalid', /:5: /],
  ])('%j is refused', async (more, code, message) => {
    const error = await failureOf(() => choose(web(more), OWN_KEYS))
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)])
  })

  test('a named service that is not to be signed needs the input "key"', async () => {
    const text = web('    x-nerdctl-sign: none\n')
    expect(names(text, { ...KEYED, areNamed: true })).toEqual(['web'])
    expect((await failureOf(() => choose(text, { ...OWN_KEYS, areNamed: true }))).code).toBe('input-missing')
  })

  test('are missing where a run has no secrets, and that is said', async () => {
    const error = await failureOf(() => choose(web(''), { ...OWN_KEYS, noSecrets: 'It comes from a fork.' }))
    expect([error.code, error.why]).toEqual(['secrets-not-available', 'It comes from a fork.'])
  })
})

test.each(['', ', x-nerdctl-sign: cosign'])(
  'a name without a registry is refused where it must be published%s',
  async (more) => {
    const text = `  web: { image: web, build: .${more} }\n`
    const error = await failureOf(() => choose(text, { ...KEYED, areNamed: more === '' }))
    expect([error.code, error.message]).toEqual([
      'compose-invalid',
      expect.stringContaining('compose.yaml:2: the image of service "web" names no registry'),
    ])
  },
)

test.each([
  [`r.io/web@sha256:${'0'.repeat(64)}`, /app\/compose\.yaml:2: .*"web" has a digest/],
  ['r.io/Web:1', /app\/compose\.yaml:2: service "web": .*lower case/],
])('the image %s is refused by name and line', async (image, message) => {
  const error = await failureOf(() => choose(`  web: { image: "${image}", build: . }\n`))
  expect([error.code, error.message]).toEqual(['compose-invalid', expect.stringMatching(message)])
})
