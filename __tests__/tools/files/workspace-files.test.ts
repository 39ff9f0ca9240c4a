import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { findWorkspaceFiles } from '../../../src/tools/files/workspace-files'
import { lineOfFile, linkedPaths, readWorkspaceFile, sizeOfText } from '../../../src/tools/files/workspace-paths'
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
  findWorkspaceFiles(root, patterns).files.map(({ path }) => path)

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
  test('are followed to files and folders, with the place they lead to; one to nothing is said', () => {
    const root = workspace(['real/Dockerfile', 'real/deep/a.yaml'])
    symlinkSync('real/Dockerfile', join(root, 'Dockerfile'))
    symlinkSync('real', join(root, 'folder'))
    symlinkSync('gone', join(root, 'nothing'))
    const { files, dangling } = findWorkspaceFiles(root, ['**'])
    expect(files).toEqual([
      { path: 'Dockerfile', target: 'real/Dockerfile' },
      { path: 'folder/Dockerfile', target: 'real/Dockerfile' },
      { path: 'folder/deep/a.yaml', target: 'real/deep/a.yaml' },
      { path: 'real/Dockerfile', target: 'real/Dockerfile' },
      { path: 'real/deep/a.yaml', target: 'real/deep/a.yaml' },
    ])
    expect(dangling).toEqual(['nothing'])
  })

  test('a folder that a link stands for is found by every pattern that means it', async () => {
    const root = workspace(['real/prod/pod.yaml', 'deploy/a.yaml', 'other/web/Dockerfile'])
    symlinkSync('../real/prod', join(root, 'deploy/prod'))
    symlinkSync('other', join(root, 'services'))
    expect(await find(root, 'deploy/**/*.yaml')).toEqual(['deploy/a.yaml', 'deploy/prod/pod.yaml'])
    expect(await find(root, 'deploy/prod/pod.yaml')).toEqual(['deploy/prod/pod.yaml'])
    expect(await find(root, 'services/*/Dockerfile')).toEqual(['services/web/Dockerfile'])
    expect(await find(root, 'deploy', '!deploy/prod')).toEqual(['deploy/a.yaml'])
  })

  test('folders that are not looked into are named', () => {
    const root = workspace(['a.yaml', 'deploy/node_modules/pod.yaml', 'x/y.yaml'])
    symlinkSync('/etc', join(root, 'x/etc'))
    const { files, skipped, outside } = findWorkspaceFiles(root, ['**/*.yaml'])
    expect([files.length, skipped, outside]).toEqual([2, ['deploy/node_modules'], ['x/etc']])
    expect(findWorkspaceFiles(root, ['*.yaml'])).toMatchObject({ skipped: [], outside: [] })
  })

  test('every link on the way to a file is known', () => {
    const root = workspace(['real/prod/pod.yaml'])
    symlinkSync('real', join(root, 'one'))
    symlinkSync('one/prod', join(root, 'two'))
    expect(linkedPaths(root, 'two/pod.yaml')).toEqual(['two/pod.yaml', 'one/prod/pod.yaml', 'real/prod/pod.yaml'])
    expect(linkedPaths(root, 'no/such')).toEqual(['no/such'])
    symlinkSync('loop', join(root, 'loop'))
    expect(linkedPaths(root, 'loop/x').length).toBeLessThan(50)
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
    symlinkSync('a', join(root, 'b'))
    expect(await find(root, '**')).toEqual(['a/x', 'b/x'])
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

describe('patterns', () => {
  const one = (pattern: string, ...files: string[]) => find(workspace(files), pattern)

  test('take sets, escapes and names with dots', async () => {
    expect(await one('[ab].y?ml', 'a.yaml', 'b.yaml', 'c.yaml', 'a.yml')).toEqual(['a.yaml', 'b.yaml'])
    expect(await one('[!a-c]*', 'a', 'd', '.e')).toEqual(['.e', 'd'])
    expect(await one('\\[x\\]', '[x]', 'x')).toEqual(['[x]'])
    expect(await one('[x', '[x', 'x')).toEqual(['[x'])
    expect(await one('**/x/**/y', 'x/y', 'a/x/b/c/y', 'y')).toEqual(['a/x/b/c/y', 'x/y'])
  })

  test('are linear, whatever they are matched with', async () => {
    const started = Date.now()
    expect(await one(`${'*a'.repeat(60)}b`, `${'a'.repeat(240)}`, `${'a'.repeat(200)}b`)).toEqual([
      `${'a'.repeat(200)}b`,
    ])
    expect(Date.now() - started).toBeLessThan(1000)
  })
})

describe('what is text', () => {
  test.each([
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47]), true],
    ['a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46]), true],
    ['an archive', Buffer.from([0x50, 0x4b, 3, 4]), true],
    ['a Dockerfile whose first line is a comment with anything in it', Buffer.from('#\0\nFROM a'), false],
    ['white space of Go before an instruction', Buffer.from([0x0c, 0x0b, 0x85, 0x46]), false],
    ['UTF-16', Buffer.from('\ufeffkind: Pod', 'utf16le'), false],
    ['UTF-8 with its mark', Buffer.from('\ufeffkind: Pod'), false],
    ['another alphabet', Buffer.from('ключ: 1'), false],
    ['nothing', Buffer.from(''), false],
  ])('%s', (_what, bytes, isBinary) => {
    const root = workspace([])
    writeFileSync(join(root, 'x'), bytes)
    expect(sizeOfText(root, 'x') === undefined).toBe(isBinary)
  })

  test('a line is shown shortened, and none where there is none', () => {
    const root = workspace([])
    writeFileSync(join(root, 'x'), `a\n  image: \${TOKEN}\n${'y'.repeat(500)}`)
    expect(lineOfFile(root, 'x', 2)).toBe('image: ${TOKEN}')
    expect(lineOfFile(root, 'x', 3)).toHaveLength(121)
    expect([lineOfFile(root, 'x', 9), lineOfFile(root, '../x', 1)]).toEqual(['', ''])
  })
})
