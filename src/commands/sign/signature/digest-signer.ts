/**
 * Signing by digest, and confirming what was signed.
 */
import { allOrFirstError } from '../../../domain/calls/settle'
import { signerName } from '../../../domain/verification/signer'
import type { Workflow } from '../../../report/workflow'
import type { Cosign } from '../../../tools/cosign/cosign'
import type { Tools } from '../../shared/open-tools'
import { type ConfirmContext, confirmSignature, type FoundSignature, signatureMissing } from './confirm'
import { isLost, isStored } from './stored'
import { imageName, type SignatureTarget, targetId } from './target'

/** How often a target is signed at most when its signature gets lost each time. */
const ATTEMPTS = 3

export interface SigningContext extends ConfirmContext {
  readonly cosign: Pick<Cosign, 'sign' | 'verify' | 'verifyBundle'>
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
 * Signs each target of one digest for which the registry holds no signature, one key after the other. A digest is never signed
 * twice at once in one form, neither by this process nor by another one of this machine: signatures would get lost
 * (docs/claims.md). The forms of one key's signature are made at the same time, since each has a place of its own.
 */
export async function signTargets(
  context: SigningContext,
  targets: readonly SignatureTarget[],
): Promise<SignedTarget[]> {
  const signed: SignedTarget[] = []
  for (const forms of bySigner(targets)) {
    const [first] = forms
    const signForms = () => allOrFirstError(forms.map((target) => signUnlessStored(context, target)))
    signed.push(...(await context.exclusively(imageName(first), signForms)))
  }
  return signed
}

async function signUnlessStored(context: SigningContext, target: SignatureTarget): Promise<SignedTarget> {
  const isNew = !(await isStored(context, target))
  if (isNew) await signOnce(context, target)
  const by = `by ${signerName(target.party.signer)} (${target.format})`
  context.workflow.info(`${imageName(target)} ${isNew ? 'was signed' : 'holds a signature'} ${by}`)
  return { target, isNew }
}

/** The targets of each signer together, in the order of the signers. */
function bySigner(targets: readonly SignatureTarget[]): [SignatureTarget, ...SignatureTarget[]][] {
  const groups = new Map<string, [SignatureTarget, ...SignatureTarget[]]>()
  for (const target of targets) {
    const name = signerName(target.party.signer)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [target])
    else group.push(target)
  }
  return [...groups.values()]
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
      context.workflow.info(`${image} is signed by ${signerName(target.party.signer)}${already}`)
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
  return context.cosign.sign(imageName(target), target.party, options, () => isStored(context, target))
}
