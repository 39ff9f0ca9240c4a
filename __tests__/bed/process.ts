import { spawn } from 'node:child_process'

/** How to run a program; `env` is the whole environment when given. */
export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly input?: string | Buffer
  readonly timeoutMs?: number
  /** `false`: a non-zero exit code is returned, not thrown. */
  readonly check?: boolean
}

/** What a finished program left behind. */
export interface RunResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly milliseconds: number
}

/** Runs a program to its end, in its own process group, which is killed at the time limit. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const result = await runToEnd(command, args, options)
  if (options.check !== false && result.code !== 0) {
    const said = `${result.stderr}\n${result.stdout}`.trim().slice(-2000)
    throw new Error(`${command} ${args.join(' ')}: exit code ${result.code}\n${said}`)
  }
  return result
}

function runToEnd(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      detached: true,
      env: options.env ?? process.env,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.input ?? '')
    const limit = options.timeoutMs ?? 120_000
    const timer = setTimeout(() => {
      stderr.push(Buffer.from(`\nkilled after ${limit} ms`))
      killGroup(child.pid)
    }, limit)
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({
        code: code ?? 137,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
        milliseconds: Math.round(performance.now() - started),
      })
    })
  })
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Gone already, or root's: its own time limits apply.
  }
}

/** True when this process is root. */
export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** The argument list that runs `argv` as root: itself, or through `sudo -n`, keeping the named variables. */
export function asRoot(argv: readonly string[], keepEnv: readonly string[] = []): [string, string[]] {
  const keep = keepEnv.length > 0 ? [`--preserve-env=${keepEnv.join(',')}`] : []
  const [command = '', ...args] = isRoot() ? argv : ['sudo', '-n', ...keep, ...argv]
  return [command, args]
}

/** Runs a program as root. */
export function runAsRoot(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [command, args] = asRoot(argv, Object.keys(options.env ?? {}).filter(isPassedThroughSudo))
  return run(command, args, options)
}

function isPassedThroughSudo(name: string): boolean {
  return name !== 'PATH' && /^\w+$/.test(name)
}

/** A bare environment, so that variables of the developer's shell change no test. */
export function bareEnv(home: string, extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: home, LANG: 'C.UTF-8', ...extra }
}

/** Resolves after so many milliseconds. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** Asks again every few milliseconds until there is an answer; `undefined` means not yet. */
export async function waitFor<T>(what: string, ask: () => Promise<T | undefined>, timeoutMs = 60_000): Promise<T> {
  const end = performance.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > end) throw new Error(`${what}: nothing after ${timeoutMs} ms`)
    await sleep(15)
  }
}
