/**
 * Releases of Finch and cosign on a local forge, signed by keys of the test, and actions that trust these.
 */
import { chmod, cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debArchitecture, makeFinchDeb, makeSigningKeys, type SigningKeys } from '../../bed/build/packages'
import { type ReleaseServer, sha256, startReleaseServer } from '../../bed/build/release-server'
import { type OtherMachine, startOtherMachine } from '../../bed/machine/other-machine'
import { type ActionRun, type RunActionOptions, runAction } from '../../runner/run-action'
import type { Strings } from '../../runner/types'
import { ROOT, type Workbench } from './workbench'

/** Not a version that the machine may have installed. */
export const FINCH = '1.97.0'
export const COSIGN = '3.0.5'

export const DEB = `runfinch-finch_${FINCH}_${debArchitecture}.deb`
export const BINARY = `cosign-linux-${debArchitecture}`
export const KMS_BUNDLE = `${BINARY}-kms.sigstore.json`
export const CHECKSUMS = 'cosign_checksums.txt'

export type Assets = Record<string, Buffer>

/** What the bundle is told to trust. */
export interface Trust {
  readonly digests: Record<'finch' | 'cosign', Record<string, Record<string, string>>>
  readonly finchKeys: string
  readonly cosignKey: string
}

export interface ReleaseBench {
  readonly server: ReleaseServer
  readonly keys: SigningKeys
  /** Whole and right, to be changed in a copy. */
  readonly finch: Readonly<Assets>
  readonly cosign: Readonly<Assets>
  /** Publishes these two releases, and no others. */
  publish(finch?: Readonly<Assets>, cosign?: Readonly<Assets>): void
  /** The actions with this trust, by default in the test's keys and no digest; their folder. */
  actions(trust?: Partial<Trust>): Promise<string>
  /** A machine of its own for what is installed; it ends with the bench. */
  machine(): Promise<OtherMachine>
  /** Runs the set-up action on a machine without any Finch and cosign, by default on a new one. */
  setup(inputs: Strings, options?: SetupOptions): Promise<ActionRun>
  stop(): Promise<void>
}

export type SetupOptions = Partial<Omit<RunActionOptions, 'action' | 'with'>> & {
  readonly actions?: string
  readonly toolCache?: string
  readonly machine?: OtherMachine
}

/** Makes packages of the bed's tools, signs them, and starts the forge. */
export async function startReleases({ bed, home }: Workbench): Promise<ReleaseBench> {
  const server = await startReleaseServer()
  const keys = await makeSigningKeys(bed, 'release-keys')
  const deb = await makeFinchDeb(bed, FINCH)
  const binary = await readFile(bed.toolchain.cosign)
  const finch = { [DEB]: deb, [`${DEB}.sig`]: await keys.signDeb(deb) }
  const checksums = Buffer.from(`${sha256(deb)}  another-file\n${sha256(binary)}  ${BINARY}\n`)
  const cosign = { [BINARY]: binary, [KMS_BUNDLE]: await keys.signBinary(binary), [CHECKSUMS]: checksums }
  const closing: (() => Promise<unknown>)[] = [server.stop]
  const actions = async (trust: Partial<Trust> = {}): Promise<string> => {
    const folder = await mkdtemp(join(bed.dir, 'actions-'))
    await chmod(folder, 0o755)
    for (const part of ['sign', 'verify', 'scripts', 'dist', 'action.yml']) {
      await cp(join(ROOT, part), join(folder, part), { recursive: true })
    }
    const whole: Trust = {
      digests: { finch: {}, cosign: {} },
      finchKeys: keys.finchPublic,
      cosignKey: keys.cosignPublic,
      ...trust,
    }
    await writeFile(join(folder, 'dist/trust.json'), JSON.stringify(whole))
    return folder
  }
  const standard = await actions()
  const machine = async (): Promise<OtherMachine> => {
    const made = await startOtherMachine(bed.dir)
    closing.push(made.stop)
    return made
  }
  return {
    ...{ server, keys, finch, cosign, actions, machine },
    publish(finchAssets = finch, cosignAssets = cosign) {
      server.withdraw()
      server.publish('runfinch/finch', { tag: `v${FINCH}`, assets: finchAssets })
      server.publish('sigstore/cosign', { tag: `v${COSIGN}`, assets: cosignAssets })
    },
    async setup(inputs, { actions: folder = standard, toolCache, machine: given, ...job } = {}) {
      const { bin } = given ?? (await machine())
      const cache = toolCache ?? (await mkdtemp(join(bed.dir, 'tool-cache-')))
      const run = await runAction({
        ...job,
        action: folder,
        with: { 'finch-version': FINCH, ...inputs },
        github: { server_url: server.url, api_url: server.api, ...job.github },
        runner: { tool_cache: cache, ...job.runner },
        env: {
          HOME: home,
          CONTAINERD_ADDRESS: bed.containerd.address,
          ...job.env,
          PATH: `${bin}:${job.env?.PATH ?? bareOf(process.env.PATH ?? '')}`,
        },
      })
      closing.push(run.dispose)
      return run
    },
    stop: async () => {
      for (const close of closing) await close()
    },
  }
}

/** PATH as it is without the folders in which a developer has tools of their own. */
function bareOf(path: string): string {
  const folders = path
    .split(':')
    .filter((folder) => folder.startsWith('/usr') || folder.startsWith('/bin') || folder === '/sbin')
  return folders.length === 0 ? join(tmpdir(), 'nothing') : folders.join(':')
}
