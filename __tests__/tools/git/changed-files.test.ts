import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { changedFiles } from '../../../src/tools/git/changed-files'
import { processRunner } from '../../../src/tools/process/process'
import { Secrets } from '../../../src/tools/process/secrets'
import { failureOf } from '../../support/failure'
import { temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()
const env = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
}
const run = processRunner(new Secrets(() => undefined), () => undefined, new AbortController().signal)

function git(root: string, ...args: string[]): string {
  const quiet = ['-c', 'advice.detachedHead=false', '-c', 'protocol.file.allow=always']
  return execFileSync('git', ['-C', root, ...quiet, ...args], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()
}

/** Writes files (undefined deletes), commits, and returns the commit. */
function commit(root: string, files: Record<string, string | undefined>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    if (text === undefined) rmSync(join(root, name))
    else writeFileSync(join(root, name), text)
  }
  git(root, 'add', '--all')
  git(root, 'commit', '--quiet', '--allow-empty', '--message', 'x')
  return git(root, 'rev-parse', 'HEAD')
}

/** main: a → m; topic: a → t1 → t2; and the merge of t2 into m. */
function repository() {
  const root = folder()
  git(root, 'init', '--quiet', '--initial-branch=main')
  git(root, 'config', 'uploadpack.allowAnySHA1InWant', 'true')
  const start = commit(root, {
    same: '1',
    'a/changed': '1',
    deleted: '1',
    renamed: 'long enough to be found\n',
    onMain: '1',
  })
  git(root, 'checkout', '--quiet', '-b', 'topic')
  commit(root, { 'a/changed': '2', deleted: undefined })
  const head = commit(root, { 'new ä\nfile': '1', renamed: undefined, 'b/renamed': 'long enough to be found\n' })
  git(root, 'checkout', '--quiet', 'main')
  const base = commit(root, { onMain: '2' })
  git(root, 'checkout', '--quiet', '-b', 'merged')
  git(root, 'merge', '--quiet', '--no-ff', '--no-edit', 'topic')
  const merge = git(root, 'rev-parse', 'HEAD')
  return { root, start, base, head, merge }
}

const CHANGED = ['a/changed', 'b/renamed', 'deleted', 'new ä\nfile', 'renamed']

function clone(from: string, revision: string, ...args: string[]): string {
  const root = folder()
  git(root, 'init', '--quiet', '--initial-branch=x')
  git(root, 'remote', 'add', 'origin', `file://${from}`)
  git(root, 'fetch', '--quiet', '--no-tags', ...args, 'origin', revision)
  git(root, 'checkout', '--quiet', '--detach', revision)
  return root
}

function ask(workspace: string, base: string, head: string, more: Record<string, string> = {}) {
  const event = {
    name: 'pull_request',
    actor: 'x',
    payload: { pull_request: { base: { sha: base }, head: { sha: head } } },
  }
  return changedFiles({ event, workspace, run, env: { ...env, ...more }, timeLimit: 30_000 })
}

describe('what a pull request changes', () => {
  test('a merge commit is compared with its first parent', async () => {
    const { root, start, head, merge } = repository()
    git(root, 'checkout', '--quiet', merge)
    // The base of an event may be older than the one that was merged with.
    expect((await ask(root, start, head)).paths).toEqual(CHANGED)
  })

  test('the head is compared with where it left the base', async () => {
    const { root, base, head } = repository()
    git(root, 'checkout', '--quiet', head)
    expect((await ask(root, base, head)).paths).toEqual(CHANGED)
  })

  test('a commit on top of the head counts with it', async () => {
    const { root, base, head } = repository()
    git(root, 'checkout', '--quiet', head)
    commit(root, { more: '1' })
    expect((await ask(root, base, head)).paths).toEqual([...CHANGED, 'more'].sort())
  })

  test('a merge group', async () => {
    const { root, base, merge } = repository()
    git(root, 'checkout', '--quiet', merge)
    const payload = { merge_group: { base_sha: base, head_sha: merge } }
    const event = { name: 'merge_group', actor: 'x', payload }
    expect((await changedFiles({ event, workspace: root, run, env, timeLimit: 30_000 })).paths).toEqual(CHANGED)
  })

  test('nothing is an answer where nothing changed', async () => {
    const { root, base } = repository()
    git(root, 'checkout', '--quiet', base)
    const head = commit(root, {})
    expect((await ask(root, base, head)).paths).toEqual([])
  })

  test('a shallow checkout of the merge commit fetches its parent', async () => {
    const { root, base, head, merge } = repository()
    expect((await ask(clone(root, merge, '--depth=1'), base, head)).paths).toEqual(CHANGED)
  })

  test('a shallow checkout of the head fetches history; the base then counts too', async () => {
    const { root, base, head } = repository()
    const { paths } = await ask(clone(root, head, '--depth=1'), base, head)
    expect(paths).toEqual(expect.arrayContaining(CHANGED))
    expect(paths).not.toContain('same')
  })

  test('a complete checkout is not made shallow', async () => {
    const { root, base, head } = repository()
    const copy = clone(root, head)
    expect((await ask(copy, base, head)).paths).toEqual(CHANGED)
    expect(git(copy, 'rev-parse', '--is-shallow-repository')).toBe('false')
  })

  test('a checkout below the root of the repository sees its own files', async () => {
    const { root, base, head } = repository()
    git(root, 'checkout', '--quiet', head)
    expect((await ask(join(root, 'a'), base, head)).paths).toEqual(['changed'])
  })

  test('files below a changed submodule are changed', async () => {
    const { root } = repository()
    const inner = repository()
    git(root, 'checkout', '--quiet', 'main')
    const base = git(root, 'rev-parse', 'HEAD')
    git(root, 'submodule', '--quiet', 'add', `file://${inner.root}`, 'sub')
    const head = commit(root, {})
    const changed = await ask(root, base, head)
    expect(['sub/same', 'sub', 'same', 'subsame', 'onMain'].map(changed.includes)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })

  test('variables that lead git elsewhere change nothing', async () => {
    const { root, base, head } = repository()
    git(root, 'checkout', '--quiet', head)
    const other = repository()
    const more = { GIT_DIR: join(other.root, '.git'), GIT_WORK_TREE: other.root, GIT_EXTERNAL_DIFF: '/bin/false' }
    expect((await ask(root, base, head, more)).paths).toEqual(CHANGED)
  })
})

describe('what cannot be found out is an error, never "nothing"', () => {
  const problem = async (work: () => Promise<unknown>) => {
    const { code, message, hint } = await failureOf(work)
    return [code, `${message} ${hint}`]
  }
  const unknown = (text: string) => ['changed-files-unknown', expect.stringContaining(text)]

  test('another event', async () => {
    const event = { name: 'push', actor: 'x', payload: { before: 'x' } }
    const work = () => changedFiles({ event, workspace: '/', run, env, timeLimit: 30_000 })
    expect(await problem(work)).toEqual(unknown('"push" is no pull request'))
  })

  test('an event whose commits are no commits', async () => {
    expect(await problem(() => ask('/', '--output=/tmp/x', 'HEAD'))).toEqual(unknown('is no pull request'))
  })

  test('no checkout', async () => {
    const work = () => ask(folder(), 'a'.repeat(40), 'b'.repeat(40))
    expect(await problem(work)).toEqual(unknown('no git checkout'))
  })

  test('a checkout of the base, as pull_request_target makes it', async () => {
    const { root, base, head } = repository()
    git(root, 'checkout', '--quiet', base)
    expect(await problem(() => ask(root, base, head))).toEqual(unknown('does not hold the pull request'))
  })

  test.each([
    ['the merge commit', 'merge'],
    ['the head', 'head'],
  ] as const)('a shallow checkout of %s without a remote', async (_what, which) => {
    const found = repository()
    const copy = clone(found.root, found[which], '--depth=1')
    git(copy, 'remote', 'remove', 'origin')
    expect(await problem(() => ask(copy, found.base, found.head))).toEqual(unknown('fetch-depth: 0'))
  })

  test('a remote that is gone', async () => {
    const { root, base, head, merge } = repository()
    const copy = clone(root, merge, '--depth=1')
    git(copy, 'remote', 'set-url', 'origin', `file://${folder()}/gone`)
    expect(await problem(() => ask(copy, base, head))).toEqual(unknown('fetch-depth: 0'))
  })

  test('histories that never met', async () => {
    const { root, base } = repository()
    git(root, 'checkout', '--quiet', '--orphan', 'other')
    const head = commit(root, { other: '1' })
    expect(await problem(() => ask(root, base, head))).toEqual(unknown('where the pull request left its base'))
  })
})
