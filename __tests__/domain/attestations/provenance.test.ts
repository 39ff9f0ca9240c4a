import { describe, expect, test } from '@jest/globals'
import { checkForm } from '../../../src/domain/attestations/predicate-form'
import { type WorkflowRun, workflowProvenance } from '../../../src/domain/attestations/provenance'

const RUN: WorkflowRun = {
  server: 'https://github.com',
  repository: 'team/app',
  ref: 'refs/heads/main',
  commit: 'a'.repeat(40),
  workflowRef: 'team/app/.github/workflows/release.yml@refs/heads/main',
  workflowCommit: 'a'.repeat(40),
  event: 'workflow_dispatch',
  runId: '123',
  attempt: '2',
  job: 'release',
  environment: 'github-hosted',
  repositoryId: '1',
  ownerId: '2',
  inputs: { version: '1.2.3', dry: false, 'npm-token': 'anything', note: 'it holds hunter2hunter2' },
}

const isSecret = (text: string): boolean => text.includes('hunter2')
const make = (change: Partial<WorkflowRun> = {}) =>
  JSON.parse(workflowProvenance({ ...RUN, ...change }, isSecret)) as Record<string, Record<string, unknown>>

describe('the provenance of a run', () => {
  test('is what the build type of GitHub says, without secrets', () => {
    expect(make()).toEqual({
      buildDefinition: {
        buildType: 'https://actions.github.io/buildtypes/workflow/v1',
        externalParameters: {
          workflow: {
            ref: 'refs/heads/main',
            repository: 'https://github.com/team/app',
            path: '.github/workflows/release.yml',
          },
          inputs: { version: '1.2.3', dry: false },
        },
        internalParameters: {
          github: {
            event_name: 'workflow_dispatch',
            repository_id: '1',
            repository_owner_id: '2',
            runner_environment: 'github-hosted',
            job: 'release',
          },
        },
        resolvedDependencies: [
          { uri: 'git+https://github.com/team/app@refs/heads/main', digest: { gitCommit: 'a'.repeat(40) } },
        ],
      },
      runDetails: {
        builder: { id: 'https://github.com/actions/runner/github-hosted' },
        metadata: { invocationId: 'https://github.com/team/app/actions/runs/123/attempts/2' },
      },
    })
  })

  test('fulfils the form of SLSA v1, and says the same twice', () => {
    for (const change of [{}, { workflowRef: '', environment: '', inputs: {} }, { server: 'https://forge.invalid' }]) {
      expect(checkForm('https://slsa.dev/provenance/v1', make(change))).toBeUndefined()
      expect(workflowProvenance({ ...RUN, ...change }, isSecret)).toBe(
        workflowProvenance({ ...RUN, ...change }, isSecret),
      )
    }
  })

  test('trusts a runner of the user no further than that', () => {
    expect(make({ environment: 'self-hosted' }).runDetails).toMatchObject({
      builder: { id: 'https://github.com/actions/runner/self-hosted' },
    })
    expect(make({ server: 'https://forge.invalid', environment: '' }).runDetails).toMatchObject({
      builder: { id: 'https://forge.invalid/actions/runner/self-hosted' },
    })
  })

  test('names a workflow of another repository and its commit', () => {
    const workflowRef = 'org/shared/.github/workflows/build.yml@refs/tags/v1'
    const { buildDefinition } = make({ workflowRef, workflowCommit: 'b'.repeat(40) })
    expect(buildDefinition).toMatchObject({
      externalParameters: { workflow: { ref: 'refs/tags/v1', repository: 'https://github.com/org/shared' } },
      resolvedDependencies: [
        { digest: { gitCommit: 'a'.repeat(40) } },
        { uri: 'git+https://github.com/org/shared@refs/tags/v1', digest: { gitCommit: 'b'.repeat(40) } },
      ],
    })
  })
})
