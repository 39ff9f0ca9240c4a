/**
 * The workflow that the step runs in, as far as it is told anything: log, annotations, masks, outputs and summary.
 */
import { appendFileSync, readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import * as core from '@actions/core'
import type { PublishedImage } from '../domain/verification/result'
import { artifactLines } from './artifacts'
import { LogGroups } from './log-groups'

export interface Annotation {
  readonly title: string
  readonly message: string
  readonly file?: string
  readonly line?: number
}

export interface Workflow {
  /** Says a line; nothing in it is taken for a command of the runner. */
  info(line: string): void
  /** A line that a tool printed, marked as such. */
  toolLine(line: string): void
  debug(message: string): void
  notice(annotation: Annotation): void
  warning(annotation: Annotation): void
  error(annotation: Annotation): void
  mask(secret: string): void
  setOutput(name: string, value: string): void
  /** Puts a folder in front of PATH, for the later steps of the job. */
  addPath(folder: string): void
  /** Adds Markdown to the summary of the job; silently nothing where the runner has no summaries. */
  addSummary(markdown: string): Promise<void>
  /** Does the work, and folds what is said meanwhile below the title; several at once do not mix. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>
  /** Declares what was published to later steps; silently nothing where the runner has no file for it. */
  declareArtifacts(images: readonly Pick<PublishedImage, 'repository' | 'digest' | 'tags'>[]): void
}

/** The workflow of a GitHub runner, or of one that behaves like it. */
export function githubWorkflow(environment: NodeJS.ProcessEnv): Workflow {
  const groups = new LogGroups({ start: core.startGroup, line: core.info, end: core.endGroup })
  const info = (line: string): void => groups.say(() => core.info(harmless(line)))
  return {
    info,
    toolLine: (line) => info(`  | ${line.trimEnd()}`),
    debug: (message) => groups.say(() => core.debug(stripVTControlCharacters(message))),
    notice: (annotation) => core.notice(stripVTControlCharacters(annotation.message), properties(annotation)),
    warning: (annotation) => core.warning(stripVTControlCharacters(annotation.message), properties(annotation)),
    error: (annotation) => core.error(stripVTControlCharacters(annotation.message), properties(annotation)),
    mask: (secret) => core.setSecret(secret),
    setOutput: (name, value) => core.setOutput(name, value),
    addPath: (folder) => core.addPath(folder),
    addSummary: async (markdown) => {
      if (environment.GITHUB_STEP_SUMMARY) await core.summary.addRaw(markdown, true).write()
    },
    group: (title, work) => groups.run(title, work),
    declareArtifacts: (images) => {
      const file = environment.GITHUB_ARTIFACTS
      if (!file) return
      const lines = artifactLines(images, readIfThere(environment.GITHUB_ARTIFACTS_LIST))
      appendFileSync(file, lines.map((line) => `${line}\n`).join(''))
    },
  }
}

/** C0 and C1 controls apart from the tab, and the separators of Unicode: U+0085, for one, is white space to the runner and not to JavaScript. */
const CONTROLS = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]+/g
/** A command, behind whatever is not seen: the runner trims a line before it looks. */
const COMMAND = /^([^\p{L}\p{N}\p{P}\p{S}]*):(?=:)/u

/** One line that the runner shows as it is: what tools, registries and files say must not become a command of the runner. */
function harmless(line: string): string {
  return stripVTControlCharacters(line).replace(CONTROLS, ' ').replaceAll('##[', '# #[').replace(COMMAND, '$1: ')
}

function properties({ title, file, line }: Annotation): core.AnnotationProperties {
  return {
    title: stripVTControlCharacters(title),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { startLine: line }),
  }
}

function readIfThere(file: string | undefined): string {
  try {
    return file ? readFileSync(file, 'utf8') : ''
  } catch {
    return ''
  }
}
