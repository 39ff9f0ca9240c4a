import { markdownToText } from './markdown-text'
import type { JobRun, JobStepRun } from './sequence'
import type { ActionRun, Annotation, CompositeRun, Outcome, StepRun } from './types'

export interface RenderOptions {
  /** ANSI colours. */
  color?: boolean
  /** Open every group of the log; otherwise only those of failed steps. */
  unfold?: boolean
}

type Paint = (text: string, color: keyof typeof colors) => string

const colors = { red: 31, green: 32, yellow: 33, blue: 34, gray: 90, bold: 1 }
const marks: Record<Outcome, [string, keyof typeof colors]> = {
  success: ['✓', 'green'],
  failure: ['✗', 'red'],
  cancelled: ['⊘', 'yellow'],
  skipped: ['–', 'gray'],
}

/** One run of an action for a terminal: steps with times and log, annotations, outputs, summary. */
export function renderRun(run: ActionRun | CompositeRun, options: RenderOptions = {}): string {
  const paint = painter(options.color ?? false)
  const lines = [
    headLine(run.name, run.conclusion, run.durationMs, paint),
    ...run.steps.flatMap((step) => stepLines(step, options, paint).map((line) => `  ${line}`)),
    ...section('Annotations', annotationLines(run.annotations, run.droppedAnnotations, paint), paint),
    ...section('Outputs', outputLines(run), paint),
    ...section('Summary', markdownToText(run.summary).split('\n'), paint),
    ...section('Still running at the end', orphanLines(run), paint),
  ]
  return `${lines.join('\n')}\n`
}

/** A job of several steps: each with its log or its action's steps. */
export function renderJob(run: JobRun, options: RenderOptions = {}): string {
  const paint = painter(options.color ?? false)
  return run.steps.map((step) => renderJobStep(step, options, paint)).join('\n')
}

function renderJobStep(step: JobStepRun, options: RenderOptions, paint: Paint): string {
  if (step.action !== undefined) return renderRun({ ...step.action, name: step.name }, options)
  const log = foldLog(step.log, options.unfold || step.outcome === 'failure', paint).map((line) => `  ${line}`)
  return `${[headLine(step.name, step.outcome, step.durationMs, paint), ...log].join('\n')}\n`
}

function headLine(name: string, outcome: Outcome, ms: number, paint: Paint): string {
  const [mark, color] = marks[outcome]
  return `${paint(mark, color)} ${paint(name, 'bold')} ${paint(outcome === 'skipped' ? 'skipped' : seconds(ms), 'gray')}`
}

function stepLines(step: StepRun, options: RenderOptions, paint: Paint): string[] {
  const failed = step.outcome === 'failure' || step.outcome === 'cancelled'
  const log = foldLog(step.log, options.unfold === true || failed, paint)
  return [headLine(step.name, step.outcome, step.durationMs, paint), ...log.map((line) => `  ${line}`)]
}

/** A step's log without the runner's own "Run" group; closed groups become one line. */
function foldLog(log: string, unfold: boolean, paint: Paint): string[] {
  const result: string[] = []
  let group: { title: string; own: boolean; lines: string[] } | undefined
  const close = (): void => {
    if (group !== undefined && !group.own) result.push(...groupLines(group.title, group.lines, unfold, paint))
    group = undefined
  }
  const all = log.split('\n')
  for (const [index, line] of all.entries()) {
    if (line.startsWith('##[group]')) {
      close()
      group = { title: line.slice('##[group]'.length), own: index === 0, lines: [] }
    } else if (line === '##[endgroup]') close()
    else if (group !== undefined) group.lines.push(logLine(line, paint))
    else if (line !== '' || index < all.length - 1) result.push(logLine(line, paint))
  }
  close()
  return result
}

function groupLines(title: string, lines: string[], unfold: boolean, paint: Paint): string[] {
  if (unfold) return [`▾ ${title}`, ...lines.map((line) => `  ${line}`)]
  return [`▸ ${title} ${paint(`(${lines.length} ${lines.length === 1 ? 'line' : 'lines'})`, 'gray')}`]
}

function logLine(line: string, paint: Paint): string {
  const match = /^##\[(error|warning|notice|debug)\](.*)$/.exec(line)
  if (match === null) return line
  const color = { error: 'red', warning: 'yellow', notice: 'blue', debug: 'gray' } as const
  const level = match[1] as keyof typeof color
  return paint(`${level}: ${match[2] ?? ''}`, color[level])
}

function annotationLines(annotations: Annotation[], dropped: number, paint: Paint): string[] {
  const color = { error: 'red', warning: 'yellow', notice: 'blue' } as const
  const lines = annotations.flatMap(({ level, title, message, file, line }) => {
    const place = file === undefined ? '' : ` ${file}${line === undefined ? '' : `:${line}`}`
    const [first = '', ...rest] = message.split('\n')
    return [
      `${paint(level, color[level])}${place} ${title ? `${paint(title, 'bold')}: ` : ''}${first}`,
      ...rest.map((l) => `  ${l}`),
    ]
  })
  return dropped === 0 ? lines : [...lines, paint(`and ${dropped} more, over the limit of 10 per level`, 'gray')]
}

function outputLines(run: CompositeRun): string[] {
  const pairs = Object.entries(run.outputs).filter(([, value]) => value !== '')
  const width = Math.max(0, ...pairs.map(([name]) => name.length))
  return pairs.map(([name, value]) => {
    const note = run.droppedOutputs.includes(name) ? '  (would be dropped: holds a secret)' : ''
    return `${name.padEnd(width)}  ${note === '' ? value : '***'}${note}`
  })
}

function orphanLines(run: ActionRun | CompositeRun): string[] {
  return 'orphans' in run ? run.orphans.map(({ pid, cmdline }) => `${pid} ${cmdline}`) : []
}

function section(title: string, lines: string[], paint: Paint): string[] {
  if (lines.every((line) => line === '')) return []
  return ['', `  ${paint(title, 'bold')}`, ...lines.map((line) => `    ${line}`.trimEnd())]
}

function seconds(ms: number): string {
  return ms < 100 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`
}

function painter(color: boolean): Paint {
  return (text, name) => (color ? `\u001b[${colors[name]}m${text}\u001b[0m` : text)
}
