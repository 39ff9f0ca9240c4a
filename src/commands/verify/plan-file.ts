import { type VerifyPlan, verifyPlanSchema } from '../../domain/verification/verify-plan'
import type { Session } from '../../tools/files/session'

/** Handed from the step "Load keys" of verify to the later ones. */
const PLAN_FILE = 'verify-plan.json'

/** Leaves the plan in the session. */
export function writePlan(session: Session, plan: VerifyPlan): void {
  session.write(PLAN_FILE, JSON.stringify(plan))
}

/** Reads what {@link writePlan} has left. */
export function readPlan(session: Session): VerifyPlan {
  return session.readAs(verifyPlanSchema, PLAN_FILE)
}
