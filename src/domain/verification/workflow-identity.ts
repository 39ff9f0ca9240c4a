/**
 * The identity of a workflow from plain words: its repository and its file. GitHub certifies the workflow that holds the job; for a reusable
 * one that is the called workflow, in its own repository, whoever calls it.
 */
import { ActionError } from '../errors/action-error'
import { escapePattern, GITHUB_ISSUER, issuerOfForge } from '../signatures/id-token'
import type { Identity } from './identity-pattern'

export interface SigningWorkflow {
  /** `team/app`, or its whole address where it is on another forge. */
  readonly repository: string
  /** `.github/workflows/release.yml`, with `@refs/…` for one branch or tag alone; empty: any workflow of the repository. */
  readonly workflow: string
}

const GITHUB = 'https://github.com'
const REPOSITORY = /^(?:(https?:\/\/[^/\s]+)\/)?([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/
const WORKFLOW = /^\/?(\.github\/workflows\/[^/@\s]+\.ya?ml)(?:@(refs\/(?:heads|tags)\/\S+|[0-9a-f]{40}))?$/
/** Without one that is named: a branch or a tag. A pull request is none of both, and a bare commit may be one of a fork. */
const ANY_REF = 'refs/(?:heads|tags)/.+'

/**
 * The identity in the certificates of a workflow, and its issuer.
 * @param server address of the forge that the job runs on, where `repository` names none
 * @param input how the place is named that holds the words
 * @throws ActionError `input-invalid`
 */
export function workflowIdentity({ repository, workflow }: SigningWorkflow, server: string, input: string): Identity {
  const [, forge = server, path] = REPOSITORY.exec(repository) ?? []
  if (path === undefined) throw notUnderstood(input, repository, 'Write owner and name, for example team/app.')
  const [, file, ref] = WORKFLOW.exec(workflow) ?? []
  if (file === undefined && workflow !== '') {
    throw notUnderstood(
      input,
      workflow,
      'Write its path, for example .github/workflows/release.yml; for one branch or tag alone add @refs/heads/main or @refs/tags/v1.',
    )
  }
  const issuer = issuerOfForge(forge)
  if (file !== undefined && ref !== undefined && issuer === GITHUB_ISSUER)
    return { subject: { exact: `${forge}/${path}/${file}@${ref}` }, issuer }
  const bases = issuer === GITHUB_ISSUER ? escapePattern(forge) : `(?:${[forge, GITHUB].map(escapePattern).join('|')})`
  const files = file === undefined ? '\\.github/workflows/[^/@]+' : escapePattern(file)
  const refs = ref === undefined ? ANY_REF : escapePattern(ref)
  return { subject: { pattern: `^${bases}/${escapePattern(path)}/${files}@${refs}$` }, issuer }
}

function notUnderstood(input: string, text: string, hint: string): ActionError {
  return new ActionError('input-invalid', {
    title: 'The workflow that signs is not named rightly',
    what: `${input} says "${text.slice(0, 200)}".`,
    hint,
  })
}
