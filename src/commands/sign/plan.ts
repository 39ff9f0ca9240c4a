/**
 * What `sign` publishes: one image of the inputs, or the services of a compose project. The step "Load keys" makes the
 * plan, and leaves it for the later steps.
 */
import { type SignPlan, signPlanSchema } from '../../domain/publishing/sign-plan'
import { readSignPlanInputs, type SignPlanInputs } from '../../inputs/sign/plan-inputs'
import type { Session } from '../../tools/files/session'
import type { Step } from '../step'

const PLAN_FILE = 'sign-plan.json'

/** Makes the plan from the inputs and leaves it in the session. It holds no secret. */
export async function planSigning(step: Step, session: Session): Promise<SignPlan> {
  const inputs = readSignPlanInputs(step.inputs)
  const published = inputs.kind === 'image' ? planImage(inputs) : await (await compose()).planCompose(step, inputs)
  const attests = step.inputs.text('attestations') !== '' || step.inputs.boolean('provenance')
  const plan = attests ? (await predicates()).planPredicates(step, session, published) : published
  session.write(PLAN_FILE, JSON.stringify(plan))
  return plan
}

/** Reads what {@link planSigning} has left. */
export function readSignPlan(session: Session): SignPlan {
  return session.readAs(signPlanSchema, PLAN_FILE)
}

/** What reads compose files is loaded with the first one. */
const compose = () => import('./compose-plan')

/** What reads and checks predicates is loaded with the first one. */
const predicates = () => import('./predicates')

function planImage(inputs: Extract<SignPlanInputs, { kind: 'image' }>): SignPlan {
  const { image, destinations, promotion, inPlace } = inputs
  const images = [{ source: image, destinations, services: [] }]
  return {
    images,
    ...(promotion === undefined ? {} : { promotion }),
    ...(inPlace === undefined ? {} : { inPlace }),
  }
}
