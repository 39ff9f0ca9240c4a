import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { findWorkspaceFiles, readWorkspaceFile } from '../../../src/tools/files/workspace-files'
import { codeOf, failureOf } from '../../support/failure'
import { temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()

function workspace(files: readonly string[], root = folder()): string {
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), `text of ${file}`)
  }
  return root
}

const find = async (root: string, ...patterns: string[]) =>
  (await findWorkspaceFiles(root, patterns)).map(({ path }) => path)

describe('files are found', () => {
  const files = [
    'b/Dockerfile',
    'a/Dockerfile',
    'Dockerfile',
    '.github/workflows/x.yml',
    'a/deep/er/x.yaml',
    'a/x.yaml',
  ]

  test.each<[string[], string[]]>([
    [['**/Dockerfile'], ['Dockerfile', 'a/Dockerfile', 'b/Dockerfile']],
    [['Dockerfile'], ['Dockerfile']],
    [['./a/x.yaml'], ['a/x.yaml']],
    [['a'], ['a/Dockerfile', 'a/deep/er/x.yaml', 'a/x.yaml']],
    [['**/*.yaml', '!a/deep/**'], ['a/x.yaml']],
    [['**/*.y*ml'], ['.github/workflows/x.yml', 'a/deep/er/x.yaml', 'a/x.yaml']],
    [
      ['a/*', 'a/x.yaml'],
      ['a/Dockerfile', 'a/deep/er/x.yaml', 'a/x.yaml'],
    ],
    [['no/such/file', 'b/Dockerfile'], ['b/Dockerfile']],
  ])('%j', async (patterns, expected) => {
    expect(await find(workspace(files), ...patterns)).toEqual(expected)
  })

  test('an absolute path inside of the workspace is as good', async () => {
    const root = workspace(files)
    expect(await find(root, `${root}/a/*.yaml`)).toEqual(['a/x.yaml'])
  })

  test('signs of patterns in the name of the workspace mean nothing', async () => {
    const root = workspace(files, join(folder(), 'w[a]*?', 'x'))
    expect(await find(root, '*')).toContain('Dockerfile')
  })

  test('node_modules and .git are left out unless they are named', async () => {
    const root = workspace(['node_modules/p/Dockerfile', 'a/node_modules/Dockerfile', '.git/Dockerfile', 'Dockerfile'])
    expect(await find(root, '**/Dockerfile')).toEqual(['Dockerfile'])
    expect(await find(root, '**/node_modules/**/Dockerfile')).toEqual([
      'a/node_modules/Dockerfile',
      'node_modules/p/Dockerfile',
    ])
  })
})

describe('what is refused', () => {
  test('no match', async () => {
    const root = workspace(['a'])
    expect((await failureOf(() => find(root, 'b', 'c/**'))).message).toBe(
      'No file of the workspace matches "b", "c/**".',
    )
    expect(await codeOf(() => find(root, '!a'))).toBe('file-not-found')
    mkdirSync(join(root, 'empty'))
    expect(await codeOf(() => find(root, 'empty'))).toBe('file-not-found')
  })

  test.each(['../x', 'a/../../x', '/etc/passwd', '~/x', '!../x', 'a\\..\\x'])(
    'a pattern that leads out: %s',
    async (pattern) => {
      expect(await codeOf(() => find(workspace(['a/b']), '**', pattern))).toBe('file-outside-workspace')
    },
  )

  test.each([
    ['a file', '/etc/hostname', 'link'],
    ['a file by a relative way', '../../../../../../etc/hostname', 'link'],
    ['nothing', '/no/such/file', 'link'],
    ['a folder', '/etc', 'link/hostname'],
    ['a folder, matched itself', '/etc', 'link'],
  ])('a symbolic link that leads out: to %s', async (_what, to, pattern) => {
    const root = workspace(['a'])
    symlinkSync(to, join(root, 'link'))
    const error = await failureOf(() => find(root, pattern))
    expect([error.code, error.message]).toEqual(['file-outside-workspace', expect.stringContaining(pattern)])
    expect(await codeOf(() => readWorkspaceFile(root, pattern))).toBe('file-outside-workspace')
  })

  test('a path that leads out, also for reading', async () => {
    expect(await codeOf(() => readWorkspaceFile(workspace(['a']), '../x'))).toBe('file-outside-workspace')
  })

  test('a file of more than 5 MB', async () => {
    const root = workspace(['a.yaml'])
    truncateSync(join(root, 'a.yaml'), 5 * 1024 * 1024 + 1)
    expect(await codeOf(() => readWorkspaceFile(root, 'a.yaml'))).toBe('file-refused')
  })
})

describe('symbolic links inside of the workspace', () => {
  test('are followed to files, with the place they lead to; links to folders and to nothing are left out', async () => {
    const root = workspace(['real/Dockerfile'])
    symlinkSync('real/Dockerfile', join(root, 'Dockerfile'))
    symlinkSync('real', join(root, 'folder'))
    symlinkSync('gone', join(root, 'nothing'))
    expect(await findWorkspaceFiles(root, ['**'])).toEqual([
      { path: 'Dockerfile', target: 'real/Dockerfile' },
      { path: 'real/Dockerfile', target: 'real/Dockerfile' },
    ])
  })

  test('the workspace itself may be one', async () => {
    const link = join(folder(), 'link')
    symlinkSync(workspace(['a']), link)
    expect(await find(link, '**')).toEqual(['a'])
    expect(readWorkspaceFile(link, 'a')).toBe('text of a')
  })

  test('links in a circle end', async () => {
    const root = workspace(['a/x'])
    symlinkSync('..', join(root, 'a/up'))
    symlinkSync('self', join(root, 'self'))
    expect(await find(root, '**')).toEqual(['a/x'])
  })
})

describe('reading', () => {
  test('what is no file is undefined', () => {
    const root = workspace(['a/x'])
    expect(readWorkspaceFile(root, 'no')).toBeUndefined()
    expect(readWorkspaceFile(root, 'a')).toBeUndefined()
    expect(readWorkspaceFile(root, 'a/x/y')).toBeUndefined()
  })

  test('UTF-16 with a byte order mark is read as Kubernetes reads it', () => {
    const root = workspace([])
    const little = Buffer.from('\ufeffimage: ä', 'utf16le')
    writeFileSync(join(root, 'le'), little)
    writeFileSync(join(root, 'be'), Buffer.from(little).swap16())
    expect(readWorkspaceFile(root, 'le')).toBe('image: ä')
    expect(readWorkspaceFile(root, 'be')).toBe('image: ä')
  })
})
