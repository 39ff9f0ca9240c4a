/**
 * Tells the kinds of policies apart by what is in them.
 */
import { type ClusterPolicy, isClusterImagePolicy, toClusterPolicies } from './cluster-image-policy'
import { type ContainersPolicy, isContainersPolicy, toContainersPolicy } from './containers-policy'
import type { Policy } from './policy'
import { toPolicy } from './policy-file'
import { policyInvalid } from './policy-invalid'
import { type PlacedDocument, readDocuments } from './yaml-place'

export interface PolicyText {
  readonly text: string
  /** How it is named in messages: its file, or the input. */
  readonly source: string
}

export type AnyPolicy =
  | { readonly kind: 'own'; readonly policy: Policy; readonly source: string }
  | { readonly kind: 'cluster'; readonly policies: readonly ClusterPolicy[] }
  | { readonly kind: 'containers'; readonly policy: ContainersPolicy; readonly source: string }

/** Throws an ActionError `policy-invalid`, also for files of different kinds. */
export function readAnyPolicy(texts: readonly PolicyText[]): AnyPolicy {
  const documents = texts.flatMap(({ text, source }) =>
    withoutEmpty(readDocuments(text, source)).map((document) => ({ document, source })),
  )
  const [first, second] = documents
  if (first === undefined) throw policyInvalid(texts[0]?.source ?? 'policy', 'the policy is empty')
  if (isClusterImagePolicy(first.document.plain)) {
    return { kind: 'cluster', policies: toClusterPolicies(documents.map(({ document }) => document)) }
  }
  if (second !== undefined) {
    throw policyInvalid(second.document.placeOf([]), 'only ClusterImagePolicies may come in several documents or files')
  }
  const { document, source } = first
  if (isContainersPolicy(document.plain)) {
    return { kind: 'containers', policy: toContainersPolicy(document), source }
  }
  return { kind: 'own', policy: toPolicy(document), source }
}

function withoutEmpty(documents: readonly PlacedDocument[]): readonly PlacedDocument[] {
  return documents.filter(({ plain }) => plain !== null && plain !== undefined)
}
