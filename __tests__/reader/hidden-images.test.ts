import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { type Findings, judgeReadings } from '../../src/domain/verification/files/findings'
import { readIn } from '../support/reader'
import { temporaryFolders } from '../support/temporary'
import { DOCKERFILES } from './hidden/dockerfiles'
import { HONEST } from './hidden/honest'
import { type Case, EVIL } from './hidden/names'
import { OBJECTS } from './hidden/objects'
import { PROJECTS, VARIABLES } from './hidden/projects'

const TIME = 240_000
const folder = temporaryFolders()
const HOST = EVIL.slice(0, EVIL.indexOf('/'))
/** Only the run of a forge knows these; as they are open, they fail unless that is allowed. */
const OPEN = ['services from an expression', 'a container from an expression']

/** Reads the first file of each case, all in one run, each case in a folder of its own. */
async function judge(cases: readonly Case[], isAllowed: boolean, variables = {}): Promise<Findings[]> {
  const workspace = realpathSync(folder())
  const paths = cases.map((files, index) => {
    for (const [path, text] of Object.entries(files)) {
      const file = join(workspace, String(index), path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    return `${index}/${Object.keys(files)[0]}`
  })
  const options = { areTemplatesAllowed: isAllowed, lineOf: () => '', isSecret: () => false }
  return (await readIn(workspace, paths, variables)).map((answer) => judgeReadings([answer], options))
}

describe('an image that is hidden from other readers is seen, or the file is refused:', () => {
  const cases = [...Object.entries(DOCKERFILES), ...Object.entries(OBJECTS), ...Object.entries(PROJECTS)]
  const names = cases.map(([name]) => name)
  let found: readonly Findings[] = []
  beforeAll(async () => {
    found = await judge(
      cases.map(([, files]) => files),
      true,
      VARIABLES,
    )
  }, TIME)

  test('each case has a name of its own', () => {
    expect(names.length).toBeGreaterThan(230)
  })

  test.each(names.map((name, index) => [name, index] as const))('%s', (name, index) => {
    const { mentions, unresolved, allowed } = found[index] ?? { mentions: [], unresolved: [], allowed: [] }
    const isSeen = mentions.some((mention) => mention.name.includes(HOST)) || unresolved.length > 0
    const isOpen = OPEN.includes(name) && allowed.length > 0
    expect([isSeen || isOpen, mentions.map((mention) => mention.name)]).toEqual([true, expect.anything()])
  })
})

describe('what people write is read as it is meant:', () => {
  const cases = Object.entries(HONEST)
  let found: readonly Findings[] = []
  beforeAll(async () => {
    found = await judge(
      cases.map(([, { files }]) => files),
      false,
    )
  }, TIME)

  test.each(cases.map(([name], index) => [name, index] as const))('%s', (name, index) => {
    const { mentions, unresolved } = found[index] ?? { mentions: [], unresolved: [] }
    const images = [...new Set(mentions.map((mention) => mention.name))].sort()
    expect([images, unresolved.length]).toEqual([HONEST[name]?.images, HONEST[name]?.open ?? 0])
  })
})
