/**
 * What the activation of a package needs of the world: commands hand it in, tests put recorded ones in its place.
 */
import type { ProcessResult } from '../../domain/calls/process-result'

/** A program to start. */
export interface Program {
  /** How it is named in messages. */
  readonly label: string
  readonly file: string
  readonly args: readonly string[]
  /** Variables besides those of the job. */
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** Milliseconds. */
  readonly timeLimit: number
  /** Runs as root, through sudo where this process is not. */
  readonly asRoot?: boolean
  /** Each line is shown as it comes. */
  readonly shown?: boolean
}

export interface ActivationPorts {
  /** Runs a program to its end; any exit code is returned. Throws an ActionError when it cannot be started or takes too long. */
  run(program: Program): Promise<ProcessResult>
  say(line: string): void
  warn(title: string, message: string): void
  /** Waits so many milliseconds. */
  pause(milliseconds: number): Promise<void>
  readonly environment: NodeJS.ProcessEnv
  /** Folder that things are installed below: `/`, or another one in tests. */
  readonly root: string
  /** RUNNER_TEMP, for what is unpacked on its way. */
  readonly temporary: string
  /** Folder for programs that are a single file. */
  readonly programs: string
  /** The user's home folder. */
  readonly home: string
  /** True on a runner that GitHub hosts. */
  readonly isHosted: boolean
}
