/**
 * The workflow that the step runs in, as far as it is told anything: log, annotations, masks, outputs and summary.
 */
import { stripVTControlCharacters } from 'node:util'
import * as core from '@actions/core'

export interface Annotation {
  readonly title: string
  readonly message: string
  readonly file?: string
  readonly line?: number
}

export interface Workflow {
  info(line: string): void
  /** A line that a tool printed: shown, and never taken for a command of the runner. */
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
  startGroup(title: string): void
  endGroup(): void
}

/** The workflow of a GitHub runner, or of one that behaves like it. */
export function githubWorkflow(environment: NodeJS.ProcessEnv): Workflow {
  return {
    info: (line) => core.info(line),
    toolLine: (line) => core.info(`  | ${stripVTControlCharacters(line).replaceAll('##[', '# #[').trimEnd()}`),
    debug: (message) => core.debug(message),
    notice: (annotation) => core.notice(annotation.message, properties(annotation)),
    warning: (annotation) => core.warning(annotation.message, properties(annotation)),
    error: (annotation) => core.error(annotation.message, properties(annotation)),
    mask: (secret) => core.setSecret(secret),
    setOutput: (name, value) => core.setOutput(name, value),
    addPath: (folder) => core.addPath(folder),
    addSummary: async (markdown) => {
      if (environment.GITHUB_STEP_SUMMARY) await core.summary.addRaw(markdown, true).write()
    },
    startGroup: (title) => core.startGroup(title),
    endGroup: () => core.endGroup(),
  }
}

function properties({ title, file, line }: Annotation): core.AnnotationProperties {
  return { title, ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { startLine: line }) }
}
