import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ProcessResult } from '../../src/domain/calls/process-result'
import { ActionError } from '../../src/domain/errors/action-error'
import type { ActivationPorts, Program } from '../../src/install/machine/ports'
import type { VerifiedPackage } from '../../src/install/packages/verified-package'
import { processRunner } from '../../src/tools/process/process'
import { Secrets } from '../../src/tools/process/secrets'

/** What a program answers: by default code 0 and nothing. */
export interface Answer {
  readonly exitCode?: number | null
  readonly stdout?: string
  readonly stderr?: string
  /** What it does besides. */
  readonly effect?: () => void
  /** There is no such program. */
  readonly absent?: boolean
}

/** The first pattern that fits a call answers; of several answers each call gets the next one. */
export type Answers = readonly (readonly [pattern: RegExp, ...answers: Answer[]])[]

export interface RecordedPorts extends ActivationPorts {
  /** Each call as one line; those as root begin with `root:`. */
  readonly calls: string[]
  readonly programsRun: Program[]
  readonly said: string[]
  readonly warned: string[]
}

/** Ports on a scratch root. Programs are answered for; without answers they are started for real, as this user. */
export function scratchPorts(folder: string, answers?: Answers, given: Partial<ActivationPorts> = {}): RecordedPorts {
  const [root, temporary, programs, home] = ['root', 'temp', 'programs', 'home'].map((name) => join(folder, name))
  for (const path of [root, temporary, programs, home]) mkdirSync(path ?? '', { recursive: true })
  const calls: string[] = []
  const programsRun: Program[] = []
  const said: string[] = []
  const warned: string[] = []
  const answer = answers === undefined ? startForReal() : answering(answers)
  return {
    ...{ root: root ?? '', temporary: temporary ?? '', programs: programs ?? '', home: home ?? '' },
    ...{ environment: { PATH: process.env.PATH }, isHosted: true, calls, programsRun, said, warned },
    say: (line) => void said.push(line),
    warn: (title) => void warned.push(title),
    pause: async () => undefined,
    ...given,
    run: (program) => {
      const line = [...(program.asRoot === true ? ['root:'] : []), program.file, ...program.args].join(' ')
      calls.push(line)
      programsRun.push(program)
      return answer(program, line)
    },
  }
}

function answering(answers: Answers): (program: Program, line: string) => Promise<ProcessResult> {
  const turns = new Map<RegExp, number>()
  return async (program, line) => {
    const [pattern, ...own] = answers.find(([one]) => one.test(line)) ?? [/no answer/]
    const turn = turns.get(pattern) ?? 0
    turns.set(pattern, turn + 1)
    const { exitCode = 0, stdout = '', stderr = '', effect, absent = false } = own[Math.min(turn, own.length - 1)] ?? {}
    if (absent) throw new ActionError('tool-not-runnable', { title: 'A tool cannot be started', what: program.file })
    effect?.()
    return { exitCode, signal: null, stdout, stderr, duration: 0 }
  }
}

function startForReal(): (program: Program) => Promise<ProcessResult> {
  const run = processRunner(new Secrets(() => undefined), () => undefined, new AbortController().signal)
  return ({ label, file, args, env = {}, input, timeLimit }) => {
    const all = { PATH: process.env.PATH ?? '', ...env }
    return run({ label, file, args, env: all, timeLimit, ...(input !== undefined && { input }) })
  }
}

/** A package as the download leaves it. */
export function verified(path: string, kind: VerifiedPackage['kind'], version = '1.18.0'): VerifiedPackage {
  const tool = kind === 'binary' ? 'cosign' : 'finch'
  return { tool, kind, path, version, sha256: '0'.repeat(64), fromCache: false }
}
