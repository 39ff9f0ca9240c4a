/**
 * Which files a pull request brings along itself: asked about those that decide whose signatures count. Closed on doubt, as
 * changed-files.ts is: a file in the workspace of which it cannot be told is an error.
 */
import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import * as v from 'valibot'
import type { WorkflowEvent } from '../../domain/calls/workflow-event'
import { isWithin, linkedPaths, slashed } from '../files/workspace-paths'
import { type ChangedFiles, comparedWith, differences } from './changed-files'
import { commitId, Git, type GitOptions, unknown } from './git'

export interface TrustBaseOptions extends GitOptions {
  readonly event: WorkflowEvent
  /** GITHUB_SHA; empty where there is none. */
  readonly commit: string
}

const repository = v.nullish(v.object({ full_name: v.optional(v.string()) }))
const side = v.object({ sha: commitId, repo: repository })
const payload = v.object({ pull_request: v.object({ base: side, head: side }) })
type PullRequest = v.InferOutput<typeof payload>['pull_request']

/** The pull request of an event; undefined for events of another kind. Throws (`changed-files-unknown`) for half of one. */
function pullRequestOf(event: WorkflowEvent): PullRequest | undefined {
  const parsed = v.safeParse(payload, event.payload)
  if (parsed.success) return parsed.output.pull_request
  if (!/^pull_request/.test(event.name)) return undefined
  throw unknown(`The event "${event.name}" does not tell its pull request.`, {
    hint: 'Give keys and policy as text, or set "allow-trust-change: true" after a look at what decides here.',
  })
}

/**
 * Those of the files (absolute paths) that the pull request of the event changes: themselves, a symbolic link on the way
 * to them, or a submodule that holds them. None for other events, and for files outside of the workspace. A checkout of
 * the base, or of another repository, is not the pull request's. Throws an ActionError (`changed-files-unknown`).
 */
export async function changedByPullRequest(options: TrustBaseOptions, files: readonly string[]): Promise<string[]> {
  if (files.length === 0) return []
  const request = pullRequestOf(options.event)
  if (request === undefined) return []
  const root = realpathSync(options.workspace)
  const checkouts = new Map<string, Promise<ChangedFiles | undefined>>()
  const changesIn = (folder: string): Promise<ChangedFiles | undefined> => {
    const asked = checkouts.get(folder) ?? changesOf({ ...options, workspace: join(root, folder) }, request)
    checkouts.set(folder, asked)
    return asked
  }
  const judged = await Promise.all(
    files.map(async (file) => {
      for (const path of pathsInside(root, file)) {
        for (const folder of checkoutsAbove(root, path)) {
          if ((await changesIn(folder))?.includes(slashed(relative(folder, path)))) return true
        }
      }
      return false
    }),
  )
  return files.filter((_, index) => judged[index])
}

/**
 * The texts of files (relative to the workspace) as the base of the pull request has them, without those that it has not.
 * Undefined where one of them is more than a plain file, or where the workspace itself is not the pull request's checkout.
 */
export async function baseTexts(
  options: TrustBaseOptions,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string> | undefined> {
  const request = pullRequestOf(options.event)
  if (request === undefined) return undefined
  const git = new Git(options)
  const [revision, ...others] = await comparedWith(git, request.base.sha, request.head.sha)
  if (revision === undefined || others.length > 0) return undefined
  return git.textsAt(revision, paths)
}

/** Every path below the root that the file has by symbolic links. */
function pathsInside(root: string, file: string): string[] {
  const named = [file, join(realpathOrSame(dirname(file)), basename(file)), realpathOrSame(file)]
  const inside = named.filter((one) => isWithin(root, one)).map((one) => slashed(relative(root, one)))
  return [...new Set(inside.flatMap((one) => linkedPaths(root, one)))]
}

function realpathOrSame(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}

/** The folders above a path that are checkouts, the workspace itself always among them unless another one is found. */
function checkoutsAbove(root: string, path: string): string[] {
  const folders: string[] = []
  for (let folder = slashed(dirname(path)); folder !== '.'; folder = slashed(dirname(folder))) {
    if (existsSync(join(root, folder, '.git'))) folders.push(folder)
  }
  return existsSync(join(root, '.git')) || folders.length === 0 ? [...folders, ''] : folders
}

/** What the pull request changes in a checkout; undefined for a checkout that is not its. */
async function changesOf(options: TrustBaseOptions, { base, head }: PullRequest): Promise<ChangedFiles | undefined> {
  const git = new Git(options)
  const { id, parents } = await git.checkedOut()
  const isMerge = parents.length === 2 && parents[1] === head.sha
  if (isMerge || id === head.sha || (await git.isAncestor(head.sha)))
    return differences(git, await comparedWith(git, base.sha, head.sha))
  if (id === base.sha || (options.event.name === 'pull_request_target' && id === options.commit)) return undefined
  if (await git.isHeadBefore(base.sha)) return undefined
  const own = [base.repo?.full_name, head.repo?.full_name].map((name) => name?.toLowerCase())
  const remotes = await git.remotes()
  if (remotes.length > 0 && remotes.every((one) => !own.includes(repositoryOfUrl(one)))) return undefined
  throw unknown(
    `The checkout (${id.slice(0, 12)}) is neither the pull request (${head.sha.slice(0, 12)}) nor its base.`,
    {
      hint: 'Check out the pull request or its base, with fetch-depth: 0.',
    },
  )
}

/** `owner/name` of an address that git fetches from, in lower case. */
function repositoryOfUrl(url: string): string {
  const parts = url.replace(/(?:\.git)?\/*$/, '').split(/[/:]/)
  return parts.slice(-2).join('/').toLowerCase()
}
