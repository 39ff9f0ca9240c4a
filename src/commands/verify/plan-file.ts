import type { FileCounts } from '../../domain/verification/file-counts'
import type { Subject, Unresolved } from '../../domain/verification/subject'
import type { TrustChange } from '../../domain/verification/trust-change'
import type { Session } from '../../tools/files/session'

/** What the step "Load keys" of verify leaves for the later ones. */
export interface VerifyPlan {
  readonly subjects: readonly Subject[]
  readonly unresolved: readonly Unresolved[]
  /** What the pull request changes of who may sign, and nobody has allowed. */
  readonly trustChanges: readonly TrustChange[]
  /** Undefined where the input `files` is empty. */
  readonly files?: FileCounts
}

const PLAN_FILE = 'plan.json'

/** Leaves the plan in the session. */
export function writePlan(session: Session, plan: VerifyPlan): void {
  session.write(PLAN_FILE, JSON.stringify(plan))
}

/** Reads what {@link writePlan} has left. */
export function readPlan(session: Session): VerifyPlan {
  return JSON.parse(session.read(PLAN_FILE)) as VerifyPlan
}
