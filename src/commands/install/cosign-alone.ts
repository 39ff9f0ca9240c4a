/**
 * The tools of an action that calls no Finch: cosign, and nothing that needs root, containerd or a certain system.
 */

import type { SetupInputs } from '../../inputs/setup'
import { type Ask, lookForCosignAlone } from '../../install/machine/find'
import type { Step } from '../step'
import type { ReadyTools } from './ready-tools'

/** The cosign that is installed, else the wanted one, downloaded and proven. Throws ActionErrors. */
export async function cosignAlone(step: Step, wanted: SetupInputs, ask: Ask): Promise<ReadyTools> {
  const { cosignVersion } = wanted
  if (cosignVersion !== 'latest') {
    const look = await lookForCosignAlone(cosignVersion, step.environment.PATH ?? '', ask)
    if (look.tool !== undefined) return { finch: undefined, cosign: look.tool, isDownloaded: false, folders: [] }
    if (cosignVersion === 'system') throw look.missing
  }
  const { installCosign } = await import('./install-tools')
  return installCosign(step, wanted, ask)
}
