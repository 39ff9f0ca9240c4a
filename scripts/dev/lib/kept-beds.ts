/** Beds that `npm run demo -- --keep` leaves up, and their end. */
import { readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bed } from '../../../__tests__/bed/bed'
import { exists } from '../../../__tests__/bed/build/cache'
import { prepareToolchain } from '../../../__tests__/bed/build/toolchain'
import { stopDaemons } from '../../../__tests__/bed/daemon'
import { killTasks, removeLeftovers } from '../../../__tests__/bed/machine/containerd'
import { removeNetwork } from '../../../__tests__/bed/machine/network'
import { isRoot, runAsRoot } from '../../../__tests__/bed/process'
import { paint } from './terminal'

/** Marks a bed as kept and prints how to look at it. Without its owner's note no later run sweeps it away. */
export async function keepBed(bed: Bed, demo: { signed: string; key: { publicFile: string } }): Promise<void> {
  await writeFile(join(bed.dir, 'kept'), '')
  await rm(join(bed.dir, 'owner'), { force: true })
  const trust = join(bed.dir, 'trusted-root.json')
  await writeFile(trust, '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}\n')
  const url = `http://${bed.registry.name}/v2`
  const sudo = isRoot() ? '' : 'sudo '
  const cosign = join(bed.finch.libexec, 'cosign')
  console.log(`
${paint('Registry and containerd are left up.', 'bold')} Look at them:
  curl -s ${url}/_catalog
  curl -s ${url}/demo/app/tags/list
  ${sudo}${bed.finch.path} images
  COSIGN_TRUSTED_ROOT=${trust} \\
    ${cosign} verify --insecure-ignore-tlog --key ${demo.key.publicFile} ${demo.signed}
Stop them:
  npm run demo -- --stop`)
}

/** Takes down every bed that was kept; returns the exit code. */
export async function stopKeptBeds(): Promise<number> {
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith('finch-bed-'))
  let stopped = 0
  for (const folder of folders.map((name) => join(tmpdir(), name))) {
    if (!(await exists(join(folder, 'kept')))) continue
    await takeDown(folder)
    console.log(`stopped and removed ${folder}`)
    stopped++
  }
  if (stopped === 0) console.log('no demo was left up')
  return 0
}

async function takeDown(folder: string): Promise<void> {
  await killTasks(join(folder, 'containerd'), await prepareToolchain())
  for (const part of ['containerd', 'registry']) await stopDaemons(join(folder, part))
  await removeLeftovers(join(folder, 'containerd'))
  await removeNetwork(join(folder, 'finch'))
  await runAsRoot(['rm', '-rf', folder])
}
