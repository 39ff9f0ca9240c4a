import { mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { type Ask, findCosign, findFinch } from '../../../src/install/machine/find'
import { codeOf, failureOf } from '../../support/failure'
import { script, temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()

/** A machine with these programs: path below the root → what it prints as its version. */
function machine(programs: Readonly<Record<string, string>>) {
  const root = folder()
  const asked: string[] = []
  for (const path of Object.keys(programs)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    script(root, path, '')
  }
  const ask: Ask = async (path) => {
    asked.push(path)
    return programs[path.replace(`${root}/`, '')] ?? ''
  }
  return { root, asked, ask, path: ['a', 'b', 'c'].map((name) => join(root, name)).join(':') }
}
const finch = (version: string): string => `Client:\n Version:\tv${version}\n`
const cosign = (version: string): string => `{"gitVersion": "v${version}"}`
const CHAT = 'finch 2.14.1, a modular messaging client'

describe('Finch', () => {
  test('is the first on PATH with the wanted version', async () => {
    const { root, ask, path } = machine({
      'a/finch': finch('1.17.0'),
      'b/finch': finch('1.18.0'),
      'c/finch': finch('1.18.0'),
    })
    expect(await findFinch('1.18.0', path, ask)).toEqual({ path: join(root, 'b/finch'), version: '1.18.0' })
    expect(await findFinch('system', path, ask)).toEqual({ path: join(root, 'a/finch'), version: '1.17.0' })
    expect((await findFinch('>=1.16 <1.18', path, ask)).version).toBe('1.17.0')
  })
  test('is not looked for in folders that are named relative to the workspace', async () => {
    const { root, ask } = machine({ 'a/finch': finch('1.18.0') })
    const found = findFinch('system', `${relative(process.cwd(), join(root, 'a'))}:.:`, ask)
    expect(await codeOf(() => found)).toBe('finch-not-found')
  })
  test('is found behind the chat program of the same name', async () => {
    const { root, ask, path } = machine({ 'a/finch': CHAT, 'b/finch': finch('1.18.0') })
    expect((await findFinch('1.18.0', path, ask)).path).toBe(join(root, 'b/finch'))
  })
  test('that is only the chat program is said to be', async () => {
    const { root, ask, path } = machine({ 'a/finch': CHAT })
    const error = await failureOf(() => findFinch('1.18.0', path, ask))
    expect(error.code).toBe('finch-is-another-program')
    expect(error.message).toContain(join(root, 'a/finch'))
  })
  test('of another version is named with its place', async () => {
    const { root, ask, path } = machine({ 'a/finch': finch('1.17.0'), 'b/finch': CHAT })
    const error = await failureOf(() => findFinch('1.18.0', path, ask))
    expect(error.code).toBe('finch-not-found')
    expect(error.message).toContain(`1.17.0 (${join(root, 'a/finch')})`)
  })
  test('that is a folder is none', async () => {
    const { root, ask, path } = machine({ 'b/finch': finch('1.18.0') })
    mkdirSync(join(root, 'a', 'finch'), { recursive: true })
    expect((await findFinch('1.18.0', path, ask)).path).toBe(join(root, 'b/finch'))
  })
})

describe('cosign', () => {
  const setUp = () => {
    const made = machine({
      'usr/bin/finch': '',
      'usr/libexec/finch/cosign': cosign('3.0.5'),
      'a/cosign': cosign('2.6.4'),
      'b/cosign': cosign('3.1.2'),
    })
    return { ...made, tool: { path: join(made.root, 'usr/bin/finch'), version: '1.18.0' } }
  }
  test.each([
    ['bundled', '3.0.5'],
    ['system', '2.6.4'],
    ['3.x', '3.1.2'],
    ['3.0.5', '3.0.5'],
  ])('%s is %s', async (wanted, version) => {
    const { ask, path, tool } = setUp()
    expect((await findCosign(wanted, tool, path, ask)).version).toBe(version)
  })
  test('that does not answer is passed over', async () => {
    const { ask, path, tool } = setUp()
    expect(
      (
        await findCosign('system', tool, path, async (program, args) =>
          program.includes('/a/') ? '' : ask(program, args),
        )
      ).version,
    ).toBe('3.1.2')
  })
  test('of no wanted version is an error', async () => {
    const { ask, path, tool } = setUp()
    expect(await codeOf(() => findCosign('4.0.0', tool, path, ask))).toBe('cosign-not-found')
  })
})
