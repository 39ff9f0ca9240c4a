/**
 * What is to be verified: each image once, with every place that names it and the rule that it must fulfil.
 */
import { type ImageReference, parseReference, withDefaultTag } from '../image/reference'
import type { Rule } from './rule'

/** A line of a file in the workspace that names an image. */
export interface Place {
  /** Relative to the workspace, with forward slashes. */
  readonly file: string
  /** From 1. */
  readonly line: number
}

export interface Subject {
  /** As it was given. */
  readonly name: string
  readonly reference: ImageReference
  readonly places: readonly Place[]
  /** Services of the compose file that use it. */
  readonly services: readonly string[]
  /** Undefined where a policy has no rule for it. */
  readonly rule: Rule | undefined
}

/** A name that a file leaves open, so that nothing can be looked up. */
export interface UnresolvedImage extends Place {
  readonly text: string
  readonly why: string
}

/** An image name that stands somewhere; without a place where an input names it. */
export interface Mention {
  readonly name: string
  readonly place?: Place
  /** The service of the compose file. */
  readonly service?: string
  /** The rule that comes with the place itself, as in a compose file. */
  readonly rule?: Rule
}

/**
 * One subject for each distinct name, in the order of their first mention.
 * @param ruleFor the rule of those that bring none
 * @throws ActionError `reference-invalid`
 */
export function collectSubjects(
  mentions: readonly Mention[],
  ruleFor: (reference: ImageReference) => Rule | undefined,
): Subject[] {
  const subjects = new Map<string, Subject & { readonly places: Place[]; readonly services: string[] }>()
  for (const { name, place, service, rule } of mentions) {
    const key = JSON.stringify([name, rule?.name])
    const known = subjects.get(key)
    if (known !== undefined) {
      if (place !== undefined) known.places.push(place)
      if (service !== undefined) known.services.push(service)
      continue
    }
    const reference = withDefaultTag(parseReference(name))
    const places = place === undefined ? [] : [place]
    const services = service === undefined ? [] : [service]
    subjects.set(key, { name, reference, places, services, rule: rule ?? ruleFor(reference) })
  }
  return [...subjects.values()]
}
