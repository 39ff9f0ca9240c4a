/**
 * The ports of an installation: network, cache, trust and log, put together.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parsePackageTrust } from '../../domain/releases/package-trust'
import type { Platform } from '../../domain/releases/release-asset'
import { GITHUB, readForge } from '../../inputs/forge'
import type { SetupInputs } from '../../inputs/setup'
import type { ObtainPorts } from '../../install/obtain/obtain'
import { PackageCache } from '../../tools/files/package-cache'
import { forgeSource, mirrorSource } from '../../tools/files/release-source'
import { Downloader } from '../../tools/http/download'
import { spokenProgress } from '../../tools/http/progress'
import { DOWNLOAD_RETRIES } from '../../tools/http/retry'
import { Web } from '../../tools/http/web'
import type { Step } from '../step'

export interface Installation {
  readonly ports: ObtainPorts
  readonly searchPath: string
  /** Ends what is under way. */
  abort(): void
  close(): Promise<void>
}

/** Opens nothing before it is needed; close it at the end, or the process waits for its connections. */
export function openInstallation(step: Step, { token, mirror }: SetupInputs): Installation {
  const { environment, workflow, temporary } = step
  const platform = thisPlatform()
  const forge = readForge(environment)
  const ended = new AbortController()
  const cancelled = ended.signal
  if (step.cancelled.aborted) ended.abort()
  else step.cancelled.addEventListener('abort', () => ended.abort(), { once: true })
  const debug = (message: string): void => workflow.debug(message)
  const tokenFor = mirror === undefined ? [forge.api, forge.server] : []
  const web = new Web({ environment, token, tokenFor, cancelled, debug })
  const onPause = (fault: Error, milliseconds: number): void => {
    workflow.info(`${fault.message}; next try in ${Math.ceil(milliseconds / 1000)} s`)
  }
  const downloader = new Downloader(web, { policy: DOWNLOAD_RETRIES, cancelled, onPause })
  const isGithub = forge.server === GITHUB.server
  const forges = (isGithub ? [forge] : [forge, GITHUB]).map((one) => forgeSource(one, downloader))
  const say = (line: string): void => workflow.info(line)
  return {
    searchPath: environment.PATH ?? '',
    ports: {
      platform,
      sources: mirror === undefined ? forges : [mirrorSource(mirror, downloader)],
      cache: new PackageCache(environment, platform),
      trust: parsePackageTrust(readFileSync(join(step.bundle, 'trust.json'), 'utf8')),
      temporary,
      progress: (name) => spokenProgress(name, say),
      say,
      warn: (title, message) => workflow.warning({ title, message }),
      note: async (title, message) => {
        workflow.notice({ title, message })
        await workflow.addSummary(`${message}\n\n`)
      },
    },
    abort: () => ended.abort(),
    close: () => web.close(),
  }
}

function thisPlatform(): Platform {
  return { os: process.platform, arch: process.arch }
}
