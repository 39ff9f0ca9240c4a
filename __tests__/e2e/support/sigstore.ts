/**
 * What the tests with a private Sigstore share; among it keyless signatures as workflows of GitHub make them.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bed } from '../../bed/bed'
import type { RunResult } from '../../bed/process'
import type { Configuration, Sigstore } from '../../bed/sigstore/sigstore'
import type { ActionRun } from '../../runner/run-action'
import type { Strings } from '../../runner/types'
import { type CheckedImage, imagesOf } from './evidence'

/** The identity in the certificates of {@link signKeyless}. */
export const WORKFLOW = 'https://github.com/octo-org/app/.github/workflows/release.yml@refs/tags/v1'

/** Signs a digest reference as the workflow {@link WORKFLOW}. */
export function signKeyless(bed: Bed, sigstore: Sigstore, image: string): Promise<RunResult> {
  return bed.cosign(['sign', '--yes', `--identity-token=${workflowToken(sigstore)}`, image], sigstore.env)
}

/** Attests something about a digest reference as the workflow {@link WORKFLOW}. */
export async function attestKeyless(bed: Bed, sigstore: Sigstore, image: string): Promise<RunResult> {
  const predicate = join(bed.dir, 'keyless-predicate.json')
  await writeFile(predicate, '{"tested":true}')
  const what = [`--predicate=${predicate}`, '--type=https://test.invalid/statement']
  const token = `--identity-token=${workflowToken(sigstore)}`
  return bed.cosign(['attest', '--yes', token, ...what, image], sigstore.env)
}

/** Both inputs of a private Sigstore, as text. */
export function asText({ signingConfig, trustedRoot }: Configuration): Strings {
  return { 'sigstore-signing-config': signingConfig.text, 'sigstore-trusted-root': trustedRoot.text }
}

/** The result of `verify` for one image and, in short, the reason. */
export function verdict(run: ActionRun): string {
  const [image] = imagesOf<CheckedImage>(run)
  return `${run.outputs.result} ${image?.reason.split(':')[0] ?? ''}`.trim()
}

function workflowToken({ issuer }: Sigstore): string {
  return issuer.token(workflowClaims())
}

/** The claims of a token that GitHub gives to a job of this workflow. */
export function workflowClaims(identity = WORKFLOW): Readonly<Record<string, unknown>> {
  const workflow = identity.replace('https://github.com/', '')
  const sha = '0123456789abcdef0123456789abcdef01234567'
  return {
    sub: 'repo:octo-org/app:ref:refs/tags/v1',
    ...{
      job_workflow_ref: workflow,
      job_workflow_sha: sha,
      workflow_ref: workflow,
      workflow_sha: sha,
      workflow: 'Release',
    },
    ...{ repository: 'octo-org/app', repository_id: '1', repository_owner: 'octo-org', repository_owner_id: '2' },
    ...{ repository_visibility: 'private', ref: 'refs/tags/v1', sha, event_name: 'push' },
    ...{ run_id: '1', run_attempt: '1', runner_environment: 'github-hosted' },
  }
}
