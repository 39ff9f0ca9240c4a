/**
 * Signing by digest, and confirming what was signed.
 */
import { allOrFirstError } from '../../../domain/calls/settle'
import type { Workflow } from '../../../report/workflow'
import type { Cosign } from '../../../tools/cosign/cosign'
import type { Tools } from '../../shared/open-tools'
import { type ConfirmContext, confirmSignature, type FoundSignature, signatureMissing } from './confirm'
import { isLost, isStored } from './stored'
import { imageName, type SignatureTarget, targetId } from './target'

/** How often a target is signed at most when its signature gets lost each time. */
const ATTEMPTS = 3

export interface SigningContext extends ConfirmContext {
  readonly cosign: Pick<Cosign, 'sign' | 'verify'>
  readonly workflow: Pick<Workflow, 'info'>
  readonly exclusively: Tools['exclusively']
}

/** A target for which a signature is stored; whether cosign accepts it is not known yet. */
export interface SignedTarget {
  readonly target: SignatureTarget
  /** This run has added the signature. */
  readonly isNew: boolean
}

export interface ConfirmedTarget extends SignedTarget {
  readonly found: FoundSignature
}

/**
 * Signs each target for which the registry holds no signature, one after the other. A digest is never signed twice at once,
 * neither by this process nor by another one of this machine: signatures would get lost (docs/claims.md).
 */
export async function signTargets(
  context: SigningContext,
  targets: readonly SignatureTarget[],
): Promise<SignedTarget[]> {
  const signed: SignedTarget[] = []
  for (const target of targets) {
    const isNew = await context.exclusively(imageName(target), async () => {
      if (await isStored(context, target)) return false
      await signOnce(context, target)
      return true
    })
    const by = `by ${target.key.publicKey.fingerprint}`
    context.workflow.info(`${imageName(target)} ${isNew ? 'was signed' : 'holds a signature'} ${by}`)
    signed.push({ target, isNew })
  }
  return signed
}

/**
 * Confirms every signature, each once where several images share it. One that was lost is made again. Throws an ActionError
 * `signature-missing` when there is one that cannot be confirmed.
 */
export function confirmTargets(context: SigningContext, signed: readonly SignedTarget[]): Promise<ConfirmedTarget[]> {
  const distinct = new Map<string, SignedTarget>()
  for (const one of signed) {
    const id = targetId(one.target)
    distinct.set(id, { ...one, isNew: one.isNew || distinct.get(id)?.isNew === true })
  }
  return allOrFirstError([...distinct.values()].map((one) => confirmTarget(context, one)))
}

async function confirmTarget(context: SigningContext, { target, isNew }: SignedTarget): Promise<ConfirmedTarget> {
  const image = imageName(target)
  for (let made = isNew ? 1 : 0; ; made++) {
    const found = await confirmSignature(context, target)
    if (found !== undefined) {
      const already = made === 0 ? ' already' : ''
      context.workflow.info(`${image} is signed by ${target.key.publicKey.fingerprint}${already}`)
      return { target, found, isNew: made > 0 }
    }
    const mayHelp = made === 0 || (made < ATTEMPTS && (await isLost(context, target)))
    if (!mayHelp) throw signatureMissing(image, target, 'cosign sign', 'No tag was set.')
    await context.exclusively(image, () => signOnce(context, target))
  }
}

function signOnce(context: SigningContext, target: SignatureTarget): Promise<void> {
  const { log, annotations } = context.policy
  const options = { log, annotations, format: target.format }
  return context.cosign.sign(imageName(target), target.key, options, () => isStored(context, target))
}
