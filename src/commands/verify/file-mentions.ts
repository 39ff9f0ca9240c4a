/**
 * The images that the files of the input `files` name, and what of these files cannot be told.
 */
import { MAXIMUM_FILE_SIZE, refused } from '../../domain/files/refused'
import type { FileCounts } from '../../domain/verification/files/file-counts'
import { type Findings, holdsSecret, judgeReadings, type NameOptions } from '../../domain/verification/files/findings'
import type { Mention, UnresolvedImage } from '../../domain/verification/subject'
import type { VerifyPlanInputs } from '../../inputs/verify/plan-inputs'
import { type FileAnswer, READ_LIMITS } from '../../reader/protocol'
import { findWorkspaceFiles, type WorkspaceMatches } from '../../tools/files/workspace-files'
import { lineOfFile, linkedPaths, sizeOfText } from '../../tools/files/workspace-paths'
import { changedFiles } from '../../tools/git/changed-files'
import { jobVariables } from '../../tools/process/environment'
import { askReader, composeVariables } from '../shared/ask-reader'
import { workspaceOf } from '../shared/compose-project'
import type { Step } from '../step'

export interface FileMentions {
  readonly mentions: readonly Mention[]
  readonly unresolved: readonly UnresolvedImage[]
  /** Undefined where the input `files` is empty. */
  readonly counts: FileCounts | undefined
}

const GIT_LIMIT = 120_000
/** Names that one line of the log shows. */
const SHOWN = 20

/** Every image that the files matched by `files` name, and what they leave open. */
export async function mentionsInFiles(step: Step, inputs: VerifyPlanInputs): Promise<FileMentions> {
  if (inputs.files.length === 0) return { mentions: [], unresolved: [], counts: undefined }
  const workspace = workspaceOf(step)
  const matches = findWorkspaceFiles(workspace, inputs.files)
  const isChanged = inputs.changedOnly ? await changeTest(step, workspace) : undefined
  const { texts, binaries, unchanged } = sortOut(workspace, matches, isChanged)
  const answers = await askReader(
    step,
    workspace,
    texts.map((path) => ({ path, as: 'auto' })),
  )
  const meant = answers.filter(
    (answer) => isChanged === undefined || answer.read.some(isChanged) || isChanged(answer.path),
  )
  const found = judgeReadings(meant, { areTemplatesAllowed: inputs.allowUnresolved, ...nameOptions(step, workspace) })
  const counts = count(matches, binaries, unchanged + answers.length - meant.length, meant)
  report(step, counts, found, inputs.changedOnly)
  const others = meant.filter(isOther).map(({ path }) => path)
  list(step, 'Passed over, since nothing in them could name an image', [...others, ...binaries].sort())
  return { mentions: found.mentions, unresolved: found.unresolved, counts }
}

/** How names that stand in files are looked at. */
export function nameOptions(step: Step, workspace: string): NameOptions {
  const variables = composeVariables(step)
  return {
    lineOf: ({ file, line }) => lineOfFile(workspace, file, line),
    isSecret: (name) => step.secrets.isIn(name) || holdsSecret(name, variables),
  }
}

interface SortedFiles {
  readonly texts: readonly string[]
  readonly binaries: readonly string[]
  /** Of those that are too large to read. */
  readonly unchanged: number
}

/** Pictures and programs are not given to the parsers. Throws (`file-refused`) for more text than is read in one run. */
function sortOut(workspace: string, { files }: WorkspaceMatches, isChanged?: (path: string) => boolean): SortedFiles {
  const texts: string[] = []
  const binaries: string[] = []
  let [bytes, unchanged] = [0, 0]
  for (const { path } of files) {
    const size = sizeOfText(workspace, path)
    if (size === undefined) binaries.push(path)
    else if (size <= MAXIMUM_FILE_SIZE) {
      bytes += size
      texts.push(path)
    } else if (isChanged === undefined || isChanged(path)) {
      throw refused(path, `it is larger than ${MAXIMUM_FILE_SIZE / 1024 / 1024} MB`)
    } else unchanged++
  }
  if (bytes <= READ_LIMITS.bytes) return { texts, binaries, unchanged }
  throw refused('What the input "files" matches', `it is more than ${READ_LIMITS.bytes / 1_000_000} MB`)
}

/** Whether a file that something was read from is changed: itself, or a symbolic link on the way to it. */
async function changeTest(step: Step, workspace: string): Promise<(path: string) => boolean> {
  const env = jobVariables(step.environment, step.secrets)
  const { includes } = await changedFiles({ event: step.event, workspace, run: step.run, env, timeLimit: GIT_LIMIT })
  const known = new Map<string, boolean>()
  return (path) => {
    const isChanged = known.get(path) ?? linkedPaths(workspace, path).some(includes)
    known.set(path, isChanged)
    return isChanged
  }
}

function isOther({ kind, images, problems }: FileAnswer): boolean {
  return kind === 'other' && images.length + problems.length === 0
}

function count(
  { files, skipped, outside, dangling }: WorkspaceMatches,
  binaries: readonly string[],
  unchanged: number,
  meant: readonly FileAnswer[],
): FileCounts {
  const naming = meant.filter(({ images, problems }) => images.length + problems.length > 0).length
  const others = meant.filter(isOther).length
  return {
    matched: files.length,
    naming,
    silent: meant.length - naming - others,
    passedOver: others + binaries.length,
    unchanged,
    notEntered: [...skipped, ...outside, ...dangling].sort(),
  }
}

function report(
  step: Step,
  counts: FileCounts,
  { mentions, unresolved, allowed }: Findings,
  isChangedOnly: boolean,
): void {
  const { workflow } = step
  const looked = counts.naming + counts.silent
  workflow.info(`${looked} of ${counts.matched} files looked at; they name ${mentions.length} images`)
  for (const { text, file, line, why } of [...unresolved, ...allowed])
    workflow.info(`Cannot be resolved: ${file}:${line}: ${text}: ${why}`)
  list(step, 'Not looked into', counts.notEntered)
  const notEntered = counts.notEntered.filter((path) => path !== '.git')
  if (notEntered.length > 0) {
    workflow.notice({
      title: 'Not everything was looked into',
      message: `Folders of other people's files, and symbolic links that lead out of the workspace or to nothing: ${shorten(notEntered)}. A pattern that names such a folder looks into it.`,
    })
  }
  if (mentions.length + unresolved.length > 0) return
  if (isChangedOnly && looked === 0) {
    workflow.notice({
      title: 'No file changed',
      message:
        'The pull request changes none of the files that the input "files" matches, nor anything they depend on. Nothing was verified.',
    })
  } else {
    workflow.notice({
      title: 'No images named',
      message: 'The files that the input "files" matches name no images. Nothing was verified.',
    })
  }
}

function list(step: Step, what: string, paths: readonly string[]): void {
  if (paths.length > 0) step.workflow.info(`${what}: ${shorten(paths)}`)
}

function shorten(paths: readonly string[]): string {
  const more = paths.length - SHOWN
  return `${paths.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
