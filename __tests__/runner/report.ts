import type { Masker } from './masks'
import type { Annotation, Level, Reported } from './types'

/** GitHub's limits for one step of a job; a composite is one step. */
export const limits = { annotationsPerLevel: 10, annotationLength: 4096, summaryBytes: 1024 * 1024 }

/** Log, annotations and summary of one step of a job. */
export interface Report {
  /** A message of the runner or a plain line of a process. */
  output: (message: string) => void
  /** A line as a process wrote it, for `rawLog` only. */
  raw: (line: string) => void
  debug: (message: string) => void
  issue: (annotation: Annotation) => void
  /** An error of the runner itself. */
  error: (message: string) => void
  addSummary: (markdown: string) => void
  /** Number of lines so far: a place to cut the log at. */
  mark: () => number
  /** The log from a mark on. */
  since: (mark: number) => string
  result: () => Reported
}

/** An empty report whose every line goes through the masker at the moment it is written. */
export function createReport(
  masker: Masker,
  options: { debug: boolean; onLine?: ((line: string) => void) | undefined },
): Report {
  const lines: string[] = []
  const rawLines: string[] = []
  const board = createBoard(masker)
  let summary = ''

  const output = (message: string): void => {
    for (const line of masker.mask(message).split(/\r\n|\r|\n/)) {
      lines.push(line)
      options.onLine?.(line)
    }
  }
  const issue = (annotation: Annotation): void => {
    output(`##[${annotation.level}]${annotation.message}`)
    board.pin(annotation)
  }
  return {
    output,
    issue,
    raw: (line) => void rawLines.push(line),
    debug: (message) => {
      if (options.debug) output(message.replace(/^/gm, '##[debug]'))
    },
    error: (message) => issue({ level: 'error', message }),
    addSummary: (markdown) => {
      summary += masker.mask(markdown)
    },
    mark: () => lines.length,
    since: (mark) => lines.slice(mark).join('\n'),
    result: () => ({ log: joined(lines), rawLog: joined(rawLines), summary, ...board.result() }),
  }
}

interface Board {
  pin: (annotation: Annotation) => void
  result: () => Pick<Reported, 'annotations' | 'droppedAnnotations'>
}

/** Where annotations are pinned until there is no more room for their level. */
function createBoard(masker: Masker): Board {
  const annotations: Annotation[] = []
  let dropped = 0
  const countOf = (level: Level): number => annotations.filter((each) => each.level === level).length
  return {
    pin: (annotation) => {
      if (countOf(annotation.level) >= limits.annotationsPerLevel) dropped++
      else annotations.push(published(annotation, masker))
    },
    result: () => ({ annotations: [...annotations], droppedAnnotations: dropped }),
  }
}

function published(annotation: Annotation, masker: Masker): Annotation {
  return {
    ...annotation,
    message: masker.mask(annotation.message).slice(0, limits.annotationLength),
    ...(annotation.title === undefined ? {} : { title: masker.mask(annotation.title) }),
  }
}

function joined(lines: string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
