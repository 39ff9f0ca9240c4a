import { readActionFile, type StepDeclaration } from '../../../__tests__/runner/action-file'
import { clearStatus, duration, paint, showStatus } from './terminal'

/** Prints the steps of one action as they end: mark, name, time, and the lines that a person would look at. */
export interface LiveLog {
  onLine(line: string): void
  /** The action has ended: prints its last step. */
  end(): void
}

interface Running {
  readonly name: string
  readonly started: number
  readonly lines: string[]
  failed: boolean
  /** Inside of a group of lines; groups are shown closed. */
  inGroup: boolean
}

const RUN = '##[group]Run '

/** A live log for the action in this folder. */
export async function liveLog(folder: string): Promise<LiveLog> {
  const { steps } = await readActionFile(folder)
  let running: Running | undefined
  const end = (): void => {
    if (running !== undefined) print(running)
    running = undefined
  }
  return {
    end,
    onLine(line) {
      const step = line.startsWith(RUN) ? findStep(steps, line.slice(RUN.length)) : undefined
      if (step === undefined) return running && take(running, line)
      end()
      running = { name: step.name, started: performance.now(), lines: [], failed: false, inGroup: true }
      showStatus(`  ◌ ${step.name} ...`)
    },
  }
}

function findStep(steps: readonly StepDeclaration[], command: string): StepDeclaration | undefined {
  return steps.find((step) => step.run.split('\n', 1)[0] === command)
}

// The group that a step begins with is the runner's own: command and variables, of no interest here.
function take(step: Running, line: string): void {
  if (line.startsWith('##[endgroup]')) step.inGroup = false
  else if (line.startsWith('##[group]')) {
    step.lines.push(paint(`▸ ${line.slice('##[group]'.length)}`, 'gray'))
    step.inGroup = true
  } else if (/^##\[error\]Process completed with exit code/.test(line)) step.failed = true
  else if (line.startsWith('##[') || !step.inGroup) step.lines.push(...level(line))
}

function level(line: string): string[] {
  const [, name, text] = /^##\[(error|warning|notice)\](.*)$/.exec(line) ?? []
  if (name === undefined) return line.startsWith('##[') ? [] : [line]
  const color = { error: 'red', warning: 'yellow', notice: 'blue' } as const
  return [paint(`${name}: ${text}`, color[name as keyof typeof color])]
}

function print(step: Running): void {
  clearStatus()
  const mark = step.failed ? paint('✗', 'red') : paint('✓', 'green')
  console.log(`  ${mark} ${step.name} ${paint(duration(performance.now() - step.started), 'gray')}`)
  for (const line of step.lines) console.log(`      ${line}`)
}
