/** How a program ended, and what it had printed. */
export interface ProcessResult {
  /** Null when a signal ended the program. */
  readonly exitCode: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
  /** Milliseconds. */
  readonly duration: number
  /** It was ended because it had printed nothing new for as long as it was allowed. */
  readonly wasSilent?: boolean
}

/** Characters of an error's cause. */
const LONGEST = 2000

/** How the program ended, in words: `code 1`, `SIGKILL`. */
export function endOf({ exitCode, signal }: Pick<ProcessResult, 'exitCode' | 'signal'>): string {
  return signal ?? `code ${exitCode}`
}

/** The last lines that a program printed, for the cause of an error; empty where it printed none. */
export function lastLines(output: string, lines = 8): string {
  return output.trim().split('\n').slice(-lines).join('\n').slice(-LONGEST)
}

/** The last lines of both streams as the cause of an error. */
export function lastWords({ stdout, stderr }: Pick<ProcessResult, 'stdout' | 'stderr'>): Error {
  return new Error(lastLines(`${stdout}\n${stderr}`))
}
