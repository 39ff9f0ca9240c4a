/**
 * The images in GitHub workflow files and action.yml: `container:`, `services:`, `uses: docker://…`, and `runs.image`.
 * Reusable workflows and actions that are called are files of their own.
 */
import type { Findings } from './found'
import type { YamlNode } from './yaml-convert'
import { entriesOf, isText, itemsOf, noteImage, valueAt } from './yaml-look'

const DOCKER = /^docker:\/\//i

/** Notes the images of a workflow. */
export function readWorkflow(document: YamlNode, findings: Findings): void {
  for (const [, { value: job }] of entriesOf(valueAt(document, 'jobs'))) {
    const container = valueAt(job, 'container')
    noteUnlessEmpty(container?.kind === 'map' ? valueAt(container, 'image') : container, 'workflow-container', findings)
    for (const [, { value: service }] of entriesOf(valueAt(job, 'services'))) {
      noteUnlessEmpty(service.kind === 'map' ? valueAt(service, 'image') : service, 'workflow-service', findings)
    }
    readSteps(valueAt(job, 'steps'), findings)
  }
}

/** Notes the images of an action.yml: of a Docker action, and of the steps of a composite one. */
export function readAction(document: YamlNode, findings: Findings): void {
  noteDocker(valueAt(document, 'runs', 'image'), 'action-image', findings)
  readSteps(valueAt(document, 'runs', 'steps'), findings)
}

/** True for a mapping with `runs:`, as every action.yml has it. */
export function isAction(document: YamlNode): boolean {
  return valueAt(document, 'runs')?.kind === 'map'
}

function readSteps(steps: YamlNode | undefined, findings: Findings): void {
  for (const step of itemsOf(steps)) noteDocker(valueAt(step, 'uses'), 'workflow-step', findings)
}

/** An empty text switches a container or a service off. */
function noteUnlessEmpty(
  node: YamlNode | undefined,
  kind: 'workflow-container' | 'workflow-service',
  findings: Findings,
): void {
  if (isText(node) && node.text === '') return
  if (isText(node) && DOCKER.test(node.text)) {
    noteDocker(node, kind, findings)
    return
  }
  noteImage(findings, node, kind)
}

/** `docker://` and a reference; anything else in that place is no image but a path or an action. */
function noteDocker(
  node: YamlNode | undefined,
  kind: 'workflow-container' | 'workflow-service' | 'workflow-step' | 'action-image',
  findings: Findings,
): void {
  if (isText(node) && DOCKER.test(node.text)) findings.image(node.text.replace(DOCKER, ''), node.at, kind)
}
