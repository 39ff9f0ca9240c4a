/** Charts and kustomizations: what comes out of Helm's engine and of kustomize is what is seen. */
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { FileAnswer } from '../../src/reader/protocol'
import { readIn } from '../support/reader'
import { temporaryFolders } from '../support/temporary'
import type { RenderedCase } from './rendered/cases'
import { CHARTS } from './rendered/charts'
import { KUSTOMIZATIONS } from './rendered/kustomizations'

const folder = temporaryFolders()
const TIME = 240_000

function write(workspace: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true })
    writeFileSync(join(workspace, path), text)
  }
}

describe.each<[string, Readonly<Record<string, RenderedCase>>]>([
  ['kustomizations', KUSTOMIZATIONS],
  ['charts', CHARTS],
])('%s', (_, all) => {
  const cases = Object.entries(all)
  let answers: readonly FileAnswer[] = []
  beforeAll(async () => {
    const workspace = realpathSync(folder())
    cases.forEach(([, one], index) => {
      write(join(workspace, `case-${index}`), one.files)
    })
    answers = await readIn(
      workspace,
      cases.map(([, { asked }], index) => `case-${index}/${asked}`),
    )
  }, TIME)

  test.each(cases.map(([name, one], index) => ({ name, one, index })))('$name', ({ one, index }) => {
    const { images = [], problems = [] } = answers[index] ?? {}
    expect({
      images: [...new Set(images.map(({ name }) => name))].sort(),
      problems: problems.map(({ cause, why }) => `${cause}: ${why}`),
    }).toEqual({
      images: one.images,
      problems: (one.problems ?? []).map(([cause, why]) =>
        expect.stringMatching(new RegExp(`^${cause}: .*${why.source}`)),
      ),
    })
    if (one.place !== undefined) {
      const [name, file, line] = one.place
      expect(images.map((image) => [image.name, image.file, image.line])).toContainEqual([
        name,
        `case-${index}/${file}`,
        line,
      ])
    }
  })
})

test(
  'a template without an end is ended, and is not passed over',
  async () => {
    const workspace = realpathSync(folder())
    write(workspace, {
      'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'templates/a.yaml': '{{ range $i := until 100000 }}{{ range $j := until 100000 }}{{ end }}{{ end }}',
    })
    const [answer] = await readIn(workspace, ['Chart.yaml'])
    expect([answer?.died, answer?.problems.map(({ cause }) => cause)]).toEqual([true, ['invalid']])
  },
  TIME,
)
