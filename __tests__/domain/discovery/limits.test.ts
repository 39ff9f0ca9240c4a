// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the files that are read
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { NO_PORTS, readCompose } from '../../../src/domain/discovery/compose'
import { discoverImages } from '../../../src/domain/discovery/discover'
import { readDotenv } from '../../../src/domain/discovery/dotenv'
import { ActionError } from '../../../src/domain/errors/action-error'
import { codeOf, failureOf, processorTimeOf } from '../../support/failure'

const MEGABYTE = 1024 * 1024
/** Large enough to show anything that grows faster than its input, small enough to be tried in a hundred ways. */
const MUCH = MEGABYTE / 4
const fill = (text: string, length = MEGABYTE): string => text.repeat(Math.ceil(length / text.length)).slice(0, length)
/** Generous, since the machine of the tests may be busy; what is quadratic takes minutes. */
const BOUND = 30_000
const PATHS = ['Dockerfile', 'compose.yaml', 'a.yaml', '.github/workflows/a.yml', 'action.yml', 'kustomization.yaml']

describe('what is too much is refused', () => {
  const pod = 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n'

  test.each(PATHS)('a file of more than 5 MB: %s', async (path) => {
    const error = await failureOf(() => discoverImages({ path, text: fill('image: a/b:1\n', 5 * MEGABYTE + 1) }))
    expect([error.code, error.message]).toEqual(['file-refused', `${path} is not read: it is larger than 5 MB.`])
  })

  test('a Dockerfile of more than 1 MB', async () => {
    expect(await codeOf(() => discoverImages({ path: 'Dockerfile', text: fill('# x\n', MEGABYTE + 1) }))).toBe(
      'file-refused',
    )
  })

  test.each(['a.yaml', 'compose.yaml'])('a YAML bomb: %s', async (path) => {
    const levels = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${fill(`*a${i}, `, 45)}*a${i}]`)
    const text = `a0: &a0 [lol]\n${levels.join('\n')}\n${pod}  - image: a/b:1`
    const begin = process.memoryUsage().heapUsed
    const error = await failureOf(() => discoverImages({ path, text }))
    expect(error.message).toContain('its aliases would make it enormous')
    expect(process.memoryUsage().heapUsed - begin).toBeLessThan(100 * MEGABYTE)
  })

  test('a bomb of merge keys', async () => {
    const base = `x: &x\n${Array.from({ length: 5000 }, (_, i) => `  k${i}: v`).join('\n')}\n`
    const text = `${base}y:\n${fill('  - <<: *x\n', 20_000)}`
    expect(await codeOf(() => discoverImages({ path: 'a.yaml', text }))).toBe('file-refused')
  })

  test.each([
    ['lists', fill('[', 10_000)],
    ['mappings', fill('{a: ', 10_000)],
    ['block lists', fill('- ', 10_000)],
    ['block mappings', Array.from({ length: 500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    [
      'aliases',
      Array.from({ length: 500 }, (_, i) => `a${i}: &a${i} [*a${i - 1}]`)
        .join('\n')
        .replace('*a-1', 'x'),
    ],
  ])('deep nesting: %s', async (_what, text) => {
    expect((await failureOf(() => discoverImages({ path: 'a.yaml', text }))).message).toMatch(/nested deeper than 100/)
  })

  test('2000 references are read, and one more is refused', async () => {
    const text = pod + fill('  - image: a/b:1\n', 2000 * 17)
    expect(discoverImages({ path: 'a.yaml', text }).images).toHaveLength(2000)
    const more = `${text}  - image: a/b:1\n`
    expect((await failureOf(() => discoverImages({ path: 'a.yaml', text: more }))).message).toContain('more than 2000')
    const from = fill('FROM a/b:1\n', 2001 * 11)
    expect(await codeOf(() => discoverImages({ path: 'Dockerfile', text: from }))).toBe('file-refused')
  })

  test('one anchor that a thousand places repeat is one image', () => {
    const text = `apiVersion: v1\nkind: List\nitems:\n- &x {apiVersion: v1, kind: Pod, spec: {containers: [{image: a/b:1}]}}\n${fill('- *x\n', 5000)}`
    expect(discoverImages({ path: 'a.yaml', text }).images).toHaveLength(1)
  })
})

describe('256 kB of nonsense takes bounded time', () => {
  test.each([
    ['comments', '# x\n'],
    ['continuation lines', 'RUN a \\\n'],
    ['one continued line', 'a \\\n'],
    ['escapes', '\\'],
    ['flags', 'RUN --mount=type=bind,from=a '],
    ['more flags', '--mount=type=bind,from=a '],
    ['here-documents', 'RUN <<EOF\nx\nEOF\n'],
    ['open here-documents', 'RUN <<A <<B <<C\n'],
    ['many here-documents of one line', '<<A '],
    ['ONBUILD', 'ONBUILD '],
    ['ARG', 'ARG A=$A$A\n'],
    ['one ARG', 'A=1 '],
    ['braces', '${a:-'],
    ['dollars', '$'],
    ['quotes', '"\''],
    ['blanks', ' '],
    ['NUL', '\0'],
  ])('Dockerfile: %s', async (_what, text) => {
    for (const begin of ['', 'FROM ', 'RUN ', 'COPY ', 'ARG ', '# syntax=']) {
      const whole = (begin + fill(text, MUCH)).slice(0, MUCH)
      expect(await processorTimeOf(() => discoverImages({ path: 'Dockerfile', text: whole }))).toBeLessThan(BOUND / 15)
    }
  })

  test.each([
    ['brackets', '['],
    ['closing brackets', ']'],
    ['anchors', '&a '],
    ['anchors on lines', '&a\n'],
    ['tags', '!x '],
    ['directives', '%a\n'],
    ['documents', '---\n'],
    ['ends', '...\n'],
    ['line feeds', '\n'],
    ['tabs', '\t'],
    ['quotes', '"'],
    ['questions', '? '],
    ['colons', ': '],
    ['equal keys', 'a: b\n'],
    ['aliases', '- *a\n'],
    ['anchors and aliases', '- &a x\n- *a\n'],
    ['text', 'a'],
    ['a text of many lines', 'a\n  '],
    ['block texts', '- |\n  x\n'],
    ['containers', '- image: {{ x }}\n'],
    ['NUL', '\0'],
  ])(
    'YAML: %s',
    async (_what, text) => {
      expect(await processorTimeOf(() => discoverImages({ path: 'a.yaml', text: fill(text, MUCH) }))).toBeLessThan(
        BOUND / 2,
      )
    },
    2 * BOUND,
  )

  test.each(['A=', 'A="', 'A=$A$A\n', 'A="\\"\n', ' ', 'export ', '${', '#\n', 'a'])('.env: %j', async (text) => {
    expect(await processorTimeOf(() => readDotenv(fill(text, MUCH), new Map()))).toBeLessThan(BOUND / 15)
  })

  test('many different keys', async () => {
    const text = Array.from({ length: 60_000 }, (_, i) => `k${i}: v`).join('\n')
    expect(await processorTimeOf(() => discoverImages({ path: 'a.yaml', text }))).toBeLessThan(BOUND / 6)
  })
})

describe('for any text', () => {
  const words = fc.constantFrom(
    ...[
      'FROM ',
      'COPY --from=',
      'RUN --mount=from=',
      'ARG A=',
      'ONBUILD ',
      '<<EOF',
      '\nEOF\n',
      '\\\n',
      '# escape=`\n',
      '${A:-',
      '}',
    ],
    ...[
      'services:\n',
      '  a: ',
      'image: ',
      'x/y:1',
      '\n',
      '- ',
      '{',
      '[',
      ']',
      ', ',
      '&a ',
      '*a',
      '<<: *a',
      'apiVersion: v1\nkind: Pod\n',
    ],
    ...[
      'containers:\n',
      'extends: a',
      'include: [compose.yaml]\n',
      '"',
      "'",
      ': ',
      '!reset ',
      '---\n',
      'jobs:\n',
      '  steps:\n',
      '? ',
      '|\n  ',
    ],
    ...[
      'uses: docker://',
      'runs:\n  image: ',
      '{{ x }}',
      '$',
      '%YAML 1.1\n',
      '\t',
      '\r\n',
      '\u0000',
      '  ',
      'x-nerdctl-verify: true\n',
      'images:\n',
    ],
  )
  const text = fc.oneof(
    fc.array(words, { maxLength: 40 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 300 }),
  )

  test.each(PATHS)(
    'nothing but an ActionError is thrown, and what is found stands on a line of the file: %s',
    (path) => {
      fc.assert(
        fc.property(text, (given) => {
          const ports = { environment: new Map([['A', '1']]), readFile: () => given }
          try {
            const { images, unresolved } = discoverImages({ path, text: given }, ports)
            const lines = given.split('\n').length
            for (const { line } of [...images, ...unresolved]) {
              expect(line).toBeGreaterThanOrEqual(1)
              expect(line).toBeLessThanOrEqual(lines)
            }
          } catch (error) {
            if (!(error instanceof ActionError)) throw error
          }
        }),
        { numRuns: 500 },
      )
    },
    60_000,
  )

  test('a compose file is read or refused', () => {
    fc.assert(
      fc.property(text, text, (given, other) => {
        try {
          readCompose({ path: 'a/compose.yaml', text: given }, { ...NO_PORTS, readFile: () => other })
        } catch (error) {
          if (!(error instanceof ActionError)) throw error
        }
      }),
      { numRuns: 500 },
    )
  }, 60_000)

  test('a FROM with a plain name is found wherever it stands', () => {
    const line = fc.constantFrom(
      'RUN x',
      'COPY a b',
      'ENV A=b',
      '# c',
      '',
      'RUN a \\\n  b',
      'RUN <<E\nx\nE',
      'RUN "a <<E b"',
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), (lines) => {
        const given = [...lines, 'FROM a/b:1'].join('\n')
        const { images } = discoverImages({ path: 'Dockerfile', text: given })
        expect(images.map((image) => image.line)).toEqual([given.split('\n').length])
      }),
    )
  })
})
