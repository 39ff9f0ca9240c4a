import { ActionError } from '../../errors/action-error'

/** `policy-invalid`, with the place in the policy and what is wrong there. */
export function policyInvalid(place: string, why: string, cause?: unknown): ActionError {
  return new ActionError(
    'policy-invalid',
    {
      title: 'The policy is not valid',
      what: `${place}: ${why}.`,
      hint: 'docs/policy.md describes every field; docs/policy.schema.json serves editors.',
    },
    { cause },
  )
}
