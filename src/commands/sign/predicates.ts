/**
 * The predicates that `sign` attests: read, checked and kept in the session by the step "Load keys", so that nothing is pushed before
 * all of them can be used, and what is signed later is what was checked.
 */
import {
  checkPredicate,
  LARGEST_PREDICATE,
  type Predicate,
  predicateInvalid,
} from '../../domain/attestations/predicate'
import { type PredicateType, readPredicateType } from '../../domain/attestations/predicate-type'
import { workflowProvenance } from '../../domain/attestations/provenance'
import { ActionError } from '../../domain/errors/action-error'
import { inputInvalid } from '../../domain/errors/input-errors'
import type { PlannedAttestation, PlannedImage, SignPlan } from '../../domain/publishing/sign-plan'
import { type GivenAttestation, readAttestations } from '../../inputs/sign/attestations'
import { readWorkflowRun } from '../../inputs/sign/workflow-run'
import { readPredicateFile } from '../../tools/files/predicate-file'
import type { Session } from '../../tools/files/session'
import type { Step } from '../step'
import { workspaceOf } from '../verify/image-references'

/** A predicate with what cosign is called with. */
export interface PreparedPredicate extends Predicate {
  /** Absolute path of the file in the session. */
  readonly file: string
}

/** The plan with what is attested about each image. Throws ActionErrors for what cannot be. */
export function planPredicates(step: Step, session: Session, plan: SignPlan): SignPlan {
  const given = readAttestations(step.inputs)
  const provenance = step.inputs.boolean('provenance') ? [{ service: undefined, ...provenanceOf(step) }] : []
  const services = plan.images.flatMap((image) => image.services)
  for (const { service } of given)
    if (service !== undefined && !services.includes(service)) throw noSuchService(service)
  const read = [...given.map((one) => ({ service: one.service, predicate: readOne(step, one) })), ...provenance]
  const kept = read.map(({ service, predicate }, index) => ({ service, planned: keep(session, predicate, index) }))
  if (kept.length === 0) return plan
  return {
    ...plan,
    images: plan.images.map((image) => {
      const own = kept.filter(({ service }) => service === undefined || image.services.includes(service))
      return own.length === 0 ? image : { ...image, attestations: own.map(({ planned }) => planned) }
    }),
  }
}

/** The predicates of an image as the plan has them. */
export function preparedOf(session: Session, { attestations = [] }: PlannedImage): PreparedPredicate[] {
  return attestations.map(({ type, source, file }) => {
    return { type, source, text: session.read(file), file: session.path(file) }
  })
}

function readOne(step: Step, { type, path }: GivenAttestation): Predicate {
  let text: string | undefined
  try {
    text = readPredicateFile(workspaceOf(step), path, LARGEST_PREDICATE)
  } catch (cause) {
    if (cause instanceof ActionError || !(cause instanceof Error)) throw cause
    throw predicateInvalid({ type, source: path }, cause.message, cause)
  }
  if (text === undefined) throw notThere(path)
  if (step.secrets.isIn(text)) throw holdsSecret(type, path)
  return checkPredicate(type, path, text)
}

function provenanceOf(step: Step): { readonly predicate: Predicate } {
  const type = readPredicateType('slsaprovenance1')
  if (type === undefined) throw new Error('the type of provenance is not known')
  const text = workflowProvenance(readWorkflowRun(step.environment, step.event), (value) => step.secrets.isIn(value))
  return { predicate: checkPredicate(type, 'provenance', text) }
}

function keep(session: Session, { type, source, text }: Predicate, index: number): PlannedAttestation {
  const file = `predicate-${index + 1}.json`
  session.write(file, text)
  return { type, source, file }
}

function notThere(path: string): ActionError {
  return new ActionError('file-not-found', {
    title: 'A predicate is not there',
    what: `The input "attestations" names ${path.slice(0, 200)}, and the workspace has no such file.`,
    why: 'Paths start at the workspace of the job.',
    hint: 'Check that the step which writes it ran before this one, and its name.',
  })
}

function noSuchService(service: string): ActionError {
  return inputInvalid('attestations', {
    what: `The input "attestations" names the service "${service}", which is not published.`,
    hint: 'Name a service whose image is published; the log says which ones are left out and why.',
  })
}

function holdsSecret(type: PredicateType, path: string): ActionError {
  return predicateInvalid({ type, source: path }, 'it holds a secret of this job, and what is attested is public')
}
