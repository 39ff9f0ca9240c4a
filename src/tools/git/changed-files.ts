/**
 * The files that a pull request changes, asked of git in the checkout. It never says "none" for "I cannot tell": a
 * checkout that is not the pull request's, or whose history is too short, is an error.
 */
import * as v from 'valibot'
import type { WorkflowEvent } from '../../domain/calls/workflow-event'
import { commitId, Git, type GitOptions, tooShort, unknown } from './git'

export interface ChangedFilesOptions extends GitOptions {
  readonly event: WorkflowEvent
}

export interface ChangedFiles {
  /** Relative to the workspace, sorted; those of deleted files too. */
  readonly paths: readonly string[]
  /** True for a changed file, every file below a changed submodule or symbolic link, and a folder with a changed file in it. */
  readonly includes: (path: string) => boolean
}

const pullRequest = v.object({
  pull_request: v.object({ base: v.object({ sha: commitId }), head: v.object({ sha: commitId }) }),
})
const mergeGroup = v.object({ merge_group: v.object({ base_sha: commitId, head_sha: commitId }) })

/**
 * Compares the checkout with the base of the pull request (or of the merge group): a merge commit, as actions/checkout
 * makes it, with its first parent; the head of the pull request with where it left the base. Throws an ActionError
 * (`changed-files-unknown`) when that cannot be found out.
 */
export async function changedFiles(options: ChangedFilesOptions): Promise<ChangedFiles> {
  const { base, head } = commitsOf(options.event)
  const git = new Git(options)
  return differences(git, await comparedWith(git, base, head))
}

/** What differs between the checkout and any of the commits. */
export async function differences(git: Git, from: readonly string[]): Promise<ChangedFiles> {
  const found = await Promise.all(from.map((revision) => git.changedSince(revision)))
  const paths = [...new Set(found.flat())].sort()
  const changed = new Set(paths)
  const folders = new Set(paths.flatMap((path) => foldersAbove(path)))
  const includes = (path: string): boolean => {
    return [path, ...foldersAbove(path)].some((one) => changed.has(one)) || folders.has(path)
  }
  return { paths, includes }
}

/** `a/b/c`: `a/b`, `a`. */
function foldersAbove(path: string): string[] {
  const folders: string[] = []
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) folders.push(path.slice(0, end))
  return folders
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
export async function comparedWith(git: Git, base: string, head: string): Promise<string[]> {
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
