/**
 * The few questions that are asked of git in a checkout. Commits are checked to be hexadecimal, and end before `--`.
 */
import * as v from 'valibot'
import type { ProcessResult } from '../../domain/calls/process-result'
import { ActionError } from '../../domain/errors/action-error'
import type { Environment } from '../process/environment'
import type { Run } from '../process/process'

export interface GitOptions {
  /** The folder of the checkout. */
  readonly workspace: string
  readonly run: Run
  /** The environment for git, without secrets. */
  readonly env: Environment
  /** Milliseconds for each call of git. */
  readonly timeLimit: number
}

/** The id of a commit. */
export const commitId = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/))
/** Commits of history that are fetched where the checkout has too few. */
const FETCH_DEPTH = 200
/** The runner of the tools keeps this much of what a tool prints; more paths than that would be lost in silence. */
const MAXIMUM_OUTPUT = 8 * 1024 * 1024
/** Variables that would lead git to another repository or let it start programs. */
const WITHHELD = /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_.*|COMMON_DIR|NAMESPACE|EXTERNAL_DIFF)$/

/** Throws an ActionError (`changed-files-unknown`) where git cannot tell. */
export class Git {
  constructor(private readonly options: GitOptions) {}

  /** The commit that is checked out and its parents, also those that a shallow clone does not hold. */
  async checkedOut(): Promise<{ id: string; parents: string[] }> {
    const { exitCode, stdout, stderr } = await this.git('rev-parse', '--verify', '--quiet', 'HEAD^{commit}', '--')
    const id = stdout.split('\n')[0]?.trim() ?? ''
    if (exitCode !== 0 || !v.is(commitId, id)) {
      throw unknown('The workspace is no git checkout with a commit.', {
        hint: 'Let actions/checkout run before this step, into the workspace itself.',
        cause: stderr,
      })
    }
    const text = (await this.answer('cat-file', 'commit', id)).stdout
    const header = text.split('\n\n')[0] ?? ''
    return { id, parents: [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1] ?? '') }
  }

  /** Paths relative to the folder, also of what is deleted. */
  async changedSince(revision: string): Promise<string[]> {
    const { stdout } = await this.answer(
      ...['diff', '--name-only', '-z', '--no-renames', '--no-ext-diff', '--no-textconv', '--relative'],
      ...['--ignore-submodules=none', revision, 'HEAD', '--'],
    )
    if (stdout.length >= MAXIMUM_OUTPUT || (stdout !== '' && !stdout.endsWith('\0')))
      throw unknown('git names more changed files than can be kept.', { hint: 'Leave out changed-only.' })
    return stdout.split('\0').filter((path) => path !== '')
  }

  /** Texts of files at a commit, without those that are not there; undefined where one is no plain file or too large. */
  async textsAt(revision: string, paths: readonly string[]): Promise<Map<string, string> | undefined> {
    const literal = paths.map((path) => `:(literal)${path}`)
    const { stdout } = await this.answer('ls-tree', '-z', revision, '--', ...literal)
    const texts = new Map<string, string>()
    for (const entry of stdout.split('\0').filter((one) => one !== '')) {
      if (entry.startsWith('040000 ')) continue
      const [, mode, id, path] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? []
      if (id === undefined || path === undefined || (mode !== '100644' && mode !== '100755')) return undefined
      const text = (await this.answer('cat-file', 'blob', id)).stdout
      if (text.length >= MAXIMUM_OUTPUT) return undefined
      texts.set(path, text)
    }
    return texts
  }

  async isAncestor(revision: string): Promise<boolean> {
    return (await this.git('merge-base', '--is-ancestor', revision, 'HEAD', '--')).exitCode === 0
  }

  /** Whether what is checked out stood on the way to a commit that is there. */
  async isHeadBefore(revision: string): Promise<boolean> {
    return (await this.git('merge-base', '--is-ancestor', 'HEAD', revision, '--')).exitCode === 0
  }

  async mergeBase(revision: string): Promise<string | undefined> {
    const { exitCode, stdout } = await this.git('merge-base', revision, 'HEAD', '--')
    const id = stdout.trim()
    return exitCode === 0 && v.is(commitId, id) ? id : undefined
  }

  async isShallow(): Promise<boolean> {
    return (await this.answer('rev-parse', '--is-shallow-repository')).stdout.trim() !== 'false'
  }

  /** Makes sure that a commit is there, from the remote if need be. */
  async fetchMissing(revision: string): Promise<void> {
    if (await this.has(revision)) return
    const fetched = await this.fetch(['--depth=1'], [revision])
    if (!(await this.has(revision))) throw tooShort(`the base ${revision.slice(0, 12)} is not in it`, fetched)
  }

  /** More of the history of a shallow clone; false where there is no more to be had. */
  async fetchHistory(revisions: readonly string[]): Promise<boolean> {
    if (!(await this.isShallow())) return false
    return (await this.fetch([`--depth=${FETCH_DEPTH}`], revisions)) === ''
  }

  /** Fetches from the first remote; returns what git complained about, empty for success. */
  private async fetch(depth: readonly string[], revisions: readonly string[]): Promise<string> {
    const [remote] = (await this.answer('remote')).stdout.split('\n')
    if (remote === undefined || remote === '') return 'there is no remote to fetch it from'
    // A depth would cut the history of a complete clone.
    const limit = (await this.isShallow()) ? depth : []
    const flags = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', ...limit]
    const { exitCode, stderr } = await this.git('fetch', ...flags, '--', remote, ...revisions)
    return exitCode === 0 ? '' : stderr.trim() || `git fetch ended with code ${exitCode}`
  }

  /** The addresses that the checkout fetches from. */
  async remotes(): Promise<string[]> {
    const { stdout } = await this.answer('remote', '-v')
    return stdout.split('\n').flatMap((line) => line.split('\t')[1]?.replace(/ \([a-z]+\)$/, '') ?? [])
  }

  private async has(revision: string): Promise<boolean> {
    return (await this.git('cat-file', '-e', `${revision}^{tree}`)).exitCode === 0
  }

  private async answer(...args: string[]): Promise<ProcessResult> {
    const finished = await this.git(...args)
    if (finished.exitCode === 0) return finished
    throw unknown(`git ${args[0]} ended with code ${finished.exitCode}.`, { cause: finished.stderr })
  }

  private git(...args: string[]): Promise<ProcessResult> {
    const { workspace, run, env, timeLimit } = this.options
    const kept = Object.entries(env).filter(([name]) => !WITHHELD.test(name))
    return run({
      label: `git ${args[0]}`,
      file: 'git',
      // The workspace of a job in a container belongs to another user, which git otherwise refuses.
      args: ['-C', workspace, '-c', `safe.directory=${workspace}`, '-c', 'core.fsmonitor=false', ...args],
      env: { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
      timeLimit,
    })
  }
}

/** The error for a checkout that lacks commits. */
export function tooShort(why: string, cause = ''): ActionError {
  return unknown(`The history of the checkout is too short: ${why}.`, {
    hint: 'Give actions/checkout the input fetch-depth: 0.',
    cause,
  })
}

/** The error for what git cannot tell. */
export function unknown(what: string, more: { hint?: string; cause?: string }): ActionError {
  const cause = more.cause?.trim() ? new Error(more.cause.trim().slice(-600)) : undefined
  return new ActionError(
    'changed-files-unknown',
    {
      title: 'The changed files are not known',
      what,
      why: 'Nothing is skipped, and no key is trusted, on a guess.',
      ...(more.hint === undefined ? {} : { hint: more.hint }),
    },
    { cause },
  )
}
