/**
 * The images in Kubernetes manifests: `image:` of each item of `containers`, `initContainers` and `ephemeralContainers`
 * and `volumes[].image.reference`, at any depth. So Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob,
 * ReplicationController, PodTemplate and List need no code of their own, nor do kinds with a pod template (Argo
 * Rollout, Knative Service, Strimzi, …).
 *
 * In custom resources (a group with a dot that is not Kubernetes' own) also `image:` in lists whose name ends with
 * `containers`, in `steps` and `sidecars`, and in the mappings `container`, `script`, `stepTemplate` and `sidecar` (Tekton, Argo
 * Workflows). An `image:` elsewhere in them is left alone: it may be a disk of a virtual machine or a picture.
 */
import type { Findings } from './found'
import type { YamlNode } from './yaml-convert'
import { entriesOf, isMapping, isText, itemsOf, noteImage, valueAt } from './yaml-look'

const CONTAINER_LISTS = new Set(['containers', 'initContainers', 'ephemeralContainers'])
const CUSTOM_LISTS = /^(?:.*[cC]ontainers|steps|sidecars)$/
const CUSTOM_MAPPINGS = new Set(['container', 'script', 'stepTemplate', 'sidecar'])
/** Groups of Kubernetes itself: without a dot (`apps`, `batch`) or below k8s.io. */
const OWN_GROUP = /^[^./]+(?:\/|$)|^[^/]*\.k8s\.io\//

/** True for a document that Kubernetes would take. */
export function isKubernetes(document: YamlNode): boolean {
  return isText(valueAt(document, 'apiVersion')) && isText(valueAt(document, 'kind'))
}

/** Notes the images of one document. */
export function readKubernetes(document: YamlNode, findings: Findings): void {
  walk(document, isCustom(document), new Set(), findings)
}

function isCustom(resource: YamlNode): boolean {
  const version = valueAt(resource, 'apiVersion')
  return isText(version) && version.text.includes('/') && !OWN_GROUP.test(version.text)
}

/** Each value once, however many aliases lead to it. */
function walk(node: YamlNode, custom: boolean, seen: Set<YamlNode>, findings: Findings): void {
  if (node.kind === 'scalar' || seen.has(node)) return
  seen.add(node)
  if (node.kind === 'list') {
    // The items of a List are resources of their own.
    for (const item of node.items) walk(item, isKubernetes(item) ? isCustom(item) : custom, seen, findings)
    return
  }
  for (const [key, { value }] of node.entries) {
    readEntry(key, value, custom, findings)
    walk(value, custom, seen, findings)
  }
}

function readEntry(key: string, value: YamlNode, custom: boolean, findings: Findings): void {
  if (CONTAINER_LISTS.has(key)) {
    for (const item of itemsOf(value)) noteImage(findings, valueAt(item, 'image'), 'kubernetes-container')
  } else if (custom && CUSTOM_LISTS.test(key)) {
    for (const item of itemsOf(value)) noteText(valueAt(item, 'image'), findings)
  } else if (custom && CUSTOM_MAPPINGS.has(key)) {
    noteText(valueAt(value, 'image'), findings)
  } else if (key === 'volumes') {
    for (const item of itemsOf(value)) noteImage(findings, valueAt(item, 'image', 'reference'), 'kubernetes-volume')
  }
}

/** In custom resources only text counts; an `image` that is a mapping means something else there. */
function noteText(node: YamlNode | undefined, findings: Findings): void {
  if (isText(node)) noteImage(findings, node, 'kubernetes-container')
}

/**
 * `images:` of a Kustomization: what the manifests name is replaced when they are built. With a new tag or digest the
 * result is known; with a new name alone it is not.
 */
export function readKustomization(document: YamlNode, findings: Findings): void {
  for (const item of itemsOf(valueAt(document, 'images'))) {
    const text = (key: string): string => {
      const node = valueAt(item, key)
      return node?.kind === 'scalar' && node.type !== 'null' ? node.text : ''
    }
    const name = text('newName') || text('name')
    const digest = text('digest')
    if (digest !== '') findings.image(`${name}@${digest}`, item.at, 'kubernetes-container')
    else if (text('newTag') !== '') findings.image(`${name}:${text('newTag')}`, item.at, 'kubernetes-container')
    else if (text('newName') !== '')
      findings.open(name, item.at, 'Kustomize takes the tag from the manifests; build them first', 'template')
  }
}

/** True for a Kustomization; mostly its file says so, and apiVersion and kind may be left out. */
export function isKustomization(path: string, document: YamlNode): boolean {
  if (/(?:^|\/)kustomization\.ya?ml$/i.test(path)) return isMapping(document)
  const kind = valueAt(document, 'kind')
  return isKubernetes(document) && isText(kind) && kind.text === 'Kustomization' && entriesOf(document).some(isImages)
}

function isImages([key]: readonly [string, unknown]): boolean {
  return key === 'images'
}
