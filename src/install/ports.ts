/**
 * What the activation of a package needs of the world: commands hand it in, tests put recorded ones in its place.
 */

/** A program to start. */
export interface Program {
  readonly label: string
  readonly file: string
  readonly args: readonly string[]
  readonly timeLimit: number
}

export interface ActivationPorts {
  run(program: Program): Promise<{ readonly exitCode: number | null; readonly stderr: string }>
  /** Folder for programs that are a single file. */
  readonly programs: string
}
