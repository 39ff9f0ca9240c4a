import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { changedByPullRequest } from '../../../src/tools/git/trust-base'
import { processRunner } from '../../../src/tools/process/process'
import { Secrets } from '../../../src/tools/process/secrets'
import { failureOf } from '../../support/failure'
import { temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()
const env = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' }
const run = processRunner(new Secrets(() => undefined), () => undefined, new AbortController().signal)
const git = (root: string, ...args: string[]): string =>
  execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    env,
    encoding: 'utf8',
  }).trim()

function commit(root: string, files: Record<string, string>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  git(root, 'add', '--all')
  git(root, 'commit', '--quiet', '--message', 'x')
  return git(root, 'rev-parse', 'HEAD')
}

/** A base with keys, and a pull request that changes one of them and turns a link. */
function repository(root = folder()) {
  git(root, 'init', '--quiet', '--initial-branch=main')
  mkdirSync(join(root, 'keys'))
  symlinkSync('keys/a.pub', join(root, 'current'))
  const base = commit(root, { 'keys/a.pub': '1', 'keys/b.pub': '1', policy: '1' })
  execFileSync('ln', ['-sfn', 'keys/b.pub', join(root, 'current')])
  const head = commit(root, { 'keys/a.pub': '2' })
  return { root, base, head }
}

function ask(workspace: string, base: string, head: string, files: readonly string[], name = 'pull_request') {
  const repo = { full_name: 'o/r' }
  const payload = { pull_request: { base: { sha: base, repo }, head: { sha: head, repo } } }
  const event = { name, actor: 'x', payload: name === 'push' ? {} : payload }
  const paths = files.map((file) => join(workspace, file))
  return changedByPullRequest({ event, commit: base, workspace, run, env, timeLimit: 30_000 }, paths).then((changed) =>
    changed.map((path) => path.slice(workspace.length + 1)),
  )
}

describe('keys that a pull request changes', () => {
  const all = ['keys/a.pub', 'keys/b.pub', 'policy', 'current']

  test('are named, also where only a link was turned', async () => {
    const { root, base, head } = repository()
    expect(await ask(root, base, head, all)).toEqual(['keys/a.pub', 'current'])
    expect(await ask(root, base, head, all, 'push')).toEqual([])
  })

  test('are not those of a checkout of the base, or of another repository in the workspace', async () => {
    const { root, base, head } = repository()
    const inner = join(root, 'trusted')
    mkdirSync(inner)
    git(inner, 'init', '--quiet')
    git(inner, 'remote', 'add', 'origin', 'https://github.com/o/policies.git')
    const other = commit(inner, { 'a.pub': '1' })
    expect(other).toHaveLength(40)
    expect(await ask(root, base, head, ['trusted/a.pub', 'policy'])).toEqual([])
    git(root, 'checkout', '--quiet', base)
    expect(await ask(root, base, head, ['keys/a.pub'], 'pull_request_target')).toEqual([])
  })

  test('are not known without git, and for a checkout that is neither', async () => {
    const { root, base, head } = repository()
    git(root, 'checkout', '--quiet', '--orphan', 'else')
    commit(root, { 'keys/a.pub': '3' })
    expect((await failureOf(() => ask(root, base, head, ['keys/a.pub']))).code).toBe('changed-files-unknown')
    const plain = folder()
    writeFileSync(join(plain, 'a.pub'), '1')
    expect((await failureOf(() => ask(plain, base, head, ['a.pub']))).code).toBe('changed-files-unknown')
  })
})
