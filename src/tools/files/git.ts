/**
 * The files that a pull request changes, asked of git in the checkout. It never says "none" for "I cannot tell": a
 * checkout that is not the pull request's, or whose history is too short, is an error.
 */
import * as v from 'valibot'
import type { ProcessResult } from '../../domain/calls/process-result'
import type { WorkflowEvent } from '../../domain/calls/workflow-event'
import { ActionError } from '../../domain/errors/action-error'
import type { Environment } from '../process/environment'
import type { Run } from '../process/process'

export interface ChangedFilesOptions {
  readonly event: WorkflowEvent
  /** The folder of the checkout. */
  readonly workspace: string
  readonly run: Run
  /** The environment for git, without secrets. */
  readonly env: Environment
  /** Milliseconds for each call of git. */
  readonly timeLimit: number
}

export interface ChangedFiles {
  /** Relative to the workspace, sorted; deleted ones left out. */
  readonly paths: readonly string[]
  /** True for a changed file, and for every file below a changed submodule. */
  readonly includes: (path: string) => boolean
}

const commit = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/))
const pullRequest = v.object({
  pull_request: v.object({ base: v.object({ sha: commit }), head: v.object({ sha: commit }) }),
})
const mergeGroup = v.object({ merge_group: v.object({ base_sha: commit, head_sha: commit }) })
/** Commits of history that are fetched where the checkout has too few. */
const FETCH_DEPTH = 200
/** The runner of the tools keeps this much of what a tool prints; more paths than that would be lost in silence. */
const MAXIMUM_OUTPUT = 8 * 1024 * 1024
/** Variables that would lead git to another repository or let it start programs. */
const WITHHELD = /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_.*|COMMON_DIR|NAMESPACE|EXTERNAL_DIFF)$/

/**
 * Compares the checkout with the base of the pull request (or of the merge group): a merge commit, as actions/checkout
 * makes it, with its first parent; the head of the pull request with where it left the base. Throws an ActionError
 * (`changed-files-unknown`) when that cannot be found out.
 */
export async function changedFiles(options: ChangedFilesOptions): Promise<ChangedFiles> {
  const { base, head } = commitsOf(options.event)
  const git = new Git(options)
  const from = await comparedWith(git, base, head)
  const found = await Promise.all(from.map((revision) => git.changedSince(revision)))
  const paths = [...new Set(found.flat())].sort()
  const changed = new Set(paths)
  const includes = (path: string): boolean => {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (changed.has(path.slice(0, end))) return true
    }
    return false
  }
  return { paths, includes }
}

function commitsOf(event: WorkflowEvent): { base: string; head: string } {
  const request = v.safeParse(pullRequest, event.payload)
  if (request.success) {
    const { base, head } = request.output.pull_request
    return { base: base.sha, head: head.sha }
  }
  const group = v.safeParse(mergeGroup, event.payload)
  if (group.success) return { base: group.output.merge_group.base_sha, head: group.output.merge_group.head_sha }
  throw unknown(`The event "${event.name}" is no pull request, so there is no base to compare with.`, {
    hint: 'Use changed-only in workflows that run on pull_request, or leave it out.',
  })
}

/** The commits with which the checkout is compared: what differs from any of them counts as changed. */
async function comparedWith(git: Git, base: string, head: string): Promise<string[]> {
  const { id, parents } = await git.checkedOut()
  const [first] = parents
  if (first !== undefined && parents.length === 2 && parents[1] === head) {
    await git.fetchMissing(first)
    return [first]
  }
  if (id !== head && !(await git.isAncestor(head))) {
    throw unknown(`The checkout (${id.slice(0, 12)}) does not hold the pull request (${head.slice(0, 12)}).`, {
      hint: 'Check out the pull request: actions/checkout without "ref" on pull_request, before this step.',
    })
  }
  await git.fetchMissing(base)
  let fork = await git.mergeBase(base)
  if (fork === undefined && (await git.fetchHistory([base, head]))) fork = await git.mergeBase(base)
  if (fork === undefined) throw tooShort('where the pull request left its base is not in it')
  // With a cut history git may take an older commit for the fork; what differs from the base itself is then not lost.
  return (await git.isShallow()) ? [fork, base] : [fork]
}

/** The few questions that are asked of git. Commits are checked to be hexadecimal, and end before `--`. */
class Git {
  constructor(private readonly options: ChangedFilesOptions) {}

  /** The commit that is checked out and its parents, also those that a shallow clone does not hold. */
  async checkedOut(): Promise<{ id: string; parents: string[] }> {
    const { exitCode, stdout, stderr } = await this.git('rev-parse', '--verify', '--quiet', 'HEAD^{commit}', '--')
    const id = stdout.split('\n')[0]?.trim() ?? ''
    if (exitCode !== 0 || !v.is(commit, id)) {
      throw unknown('The workspace is no git checkout with a commit.', {
        hint: 'Let actions/checkout run before this step, into the workspace itself.',
        cause: stderr,
      })
    }
    const text = (await this.answer('cat-file', 'commit', id)).stdout
    const header = text.split('\n\n')[0] ?? ''
    return { id, parents: [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1] ?? '') }
  }

  async changedSince(revision: string): Promise<string[]> {
    const { stdout } = await this.answer(
      ...['diff', '--name-only', '-z', '--no-renames', '--no-ext-diff', '--no-textconv', '--relative'],
      ...['--ignore-submodules=none', '--diff-filter=d', revision, 'HEAD', '--'],
    )
    if (stdout.length >= MAXIMUM_OUTPUT || (stdout !== '' && !stdout.endsWith('\0')))
      throw unknown('git names more changed files than can be kept.', { hint: 'Leave out changed-only.' })
    return stdout.split('\0').filter((path) => path !== '')
  }

  async isAncestor(revision: string): Promise<boolean> {
    return (await this.git('merge-base', '--is-ancestor', revision, 'HEAD', '--')).exitCode === 0
  }

  async mergeBase(revision: string): Promise<string | undefined> {
    const { exitCode, stdout } = await this.git('merge-base', revision, 'HEAD', '--')
    const id = stdout.trim()
    return exitCode === 0 && v.is(commit, id) ? id : undefined
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

function tooShort(why: string, cause = ''): ActionError {
  return unknown(`The history of the checkout is too short: ${why}.`, {
    hint: 'Give actions/checkout the input fetch-depth: 0.',
    cause,
  })
}

function unknown(what: string, more: { hint?: string; cause?: string }): ActionError {
  const cause = more.cause?.trim() ? new Error(more.cause.trim().slice(-600)) : undefined
  return new ActionError(
    'changed-files-unknown',
    {
      title: 'The changed files are not known',
      what,
      why: 'With changed-only nothing is skipped on a guess.',
      ...(more.hint === undefined ? {} : { hint: more.hint }),
    },
    { cause },
  )
}
