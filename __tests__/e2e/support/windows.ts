/**
 * The actions on Windows: real node.exe and cosign.exe under Wine, a finch.exe of ours that calls the stand-in for Finch on this Linux.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { CosignKey } from '../../bed/sigstore/keys'
import { startWindows, type Windows } from '../../bed/windows/windows'
import { wineIsMissing } from '../../bed/windows/wine'
import type { ActionRun, BeforeWipe } from '../../runner/types'
import { type JobOptions, startWorkbench, type Workbench } from './workbench'

export interface WindowsBench {
  readonly bench: Workbench
  readonly windows: Windows
  /** Checkout of the jobs. */
  readonly workspace: string
  readonly host: string
  readonly key: CosignKey
  readonly other: CosignKey
  /** Writes files of the workspace. */
  files(texts: Readonly<Record<string, string | Buffer>>): void
  /** A path of the workspace as Windows writes it. */
  path(name: string): string
  /** An image in the registry, not signed. */
  pushed(name: string): Promise<{ readonly ref: string; readonly byDigest: string; readonly digest: string }>
  /** Runs `sign` with the key, or other inputs. */
  sign(inputs: Record<string, string>, job?: JobOptions): Promise<ActionRun>
  /** Runs `verify` with the key, without a log and without a pull where the inputs say nothing of it. */
  verify(inputs: Record<string, string>, job?: JobOptions): Promise<ActionRun>
  stop(): Promise<void>
}

export const whyNoWindows = wineIsMissing()

/** What stands in the name of a suite. */
export const ON_WINDOWS = `on Windows (Wine; real node.exe and cosign.exe, finch.exe is a stand-in)${whyNoWindows === undefined ? '' : `: ${whyNoWindows}`}`

/** Starts a bed with a Windows. */
export async function startWindowsBench(): Promise<WindowsBench> {
  const bench = await startWorkbench()
  const { bed } = bench
  const windows = await startWindows(bed)
  const workspace = mkdtempSync(join(bed.dir, 'workspace-'))
  chmodSync(workspace, 0o755)
  const key = await bed.keys.quick('key', 'a password of choice')
  const other = await bed.keys.quick('other', 'another password')
  const host = bed.registry.name
  const job = ({ env, runner, ...own }: JobOptions): JobOptions => ({
    workspace,
    ...own,
    runner: { os: 'Windows', arch: 'X64', environment: 'self-hosted', ...runner },
    env: {
      HOME: bench.home,
      PATH: `${windows.bin}:/usr/bin:/bin`,
      GITHUB_WORKSPACE: own.workspace ?? workspace,
      ...env,
    },
  })
  return {
    ...{ bench, windows, workspace, host, key, other },
    files: (texts) => writeFiles(workspace, texts),
    path: (name) => windows.toWindows(join(workspace, name)),
    pushed: async (name) => {
      const ref = `${host}/${name}:1`
      const { digest } = await bed.makeImage({ name: ref, marker: name })
      await bed.runFinch(['push', ref])
      return { ref, digest, byDigest: `${host}/${name}@${digest}` }
    },
    sign: (inputs, own = {}) => bench.sign({ key: key.privatePem, 'key-password': key.password, ...inputs }, job(own)),
    verify: (inputs, own = {}) =>
      bench.verify({ key: key.publicPem, 'transparency-log': 'ignore', pull: 'false', ...inputs }, job(own)),
    stop: async () => {
      await windows.stop()
      await bench.stop()
    },
  }
}

function writeFiles(folder: string, texts: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

/** Sessions that are still there when a job ends. */
export function sessionsIn({ temp }: BeforeWipe): string[] {
  if (!existsSync(temp)) return []
  return readdirSync(temp).filter((name) => /^finch-signing-[^.]+$/.test(name))
}
