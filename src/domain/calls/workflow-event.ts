/**
 * What the event that started a workflow says about secrets and about who may see the repository.
 */
import * as v from 'valibot'

export interface WorkflowEvent {
  /** `push`, `pull_request`, … */
  readonly name: string
  readonly actor: string
  readonly payload: unknown
  /** Address that the repository's files of this commit are found below; absent where the runner does not tell. */
  readonly source?: string
}

const repository = v.object({ full_name: v.optional(v.string()), fork: v.optional(v.boolean()) })
const pullRequest = v.object({
  pull_request: v.object({
    head: v.object({ repo: v.nullish(repository) }),
    base: v.object({ repo: repository }),
  }),
})

/** Why a workflow of this event gets no secrets: from a fork, or by Dependabot. Undefined: it does get them. */
export function missingSecretsReason(event: WorkflowEvent): string | undefined {
  if (event.actor === 'dependabot[bot]')
    return 'The workflow was started by Dependabot, which has secrets of its own only.'
  if (!/^pull_request(_review(_comment)?)?$/.test(event.name)) return undefined
  const parsed = v.safeParse(pullRequest, event.payload)
  if (!parsed.success) return undefined
  const { head, base } = parsed.output.pull_request
  if (head.repo?.full_name === base.repo.full_name) return undefined
  return 'The pull request comes from a fork, and workflows of forks get no secrets.'
}

/** True only when the event says that everybody may see the repository. */
export function isPublicRepository(event: WorkflowEvent): boolean {
  const parsed = v.safeParse(v.object({ repository: v.object({ private: v.boolean() }) }), event.payload)
  return parsed.success && parsed.output.repository.private === false
}
