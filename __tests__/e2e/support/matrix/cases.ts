/**
 * The words of the matrices: which request of a run meets which fault, and what came of it.
 */
import type { LoggedRequest, Rule } from '../../../bed/registry/proxy'

/** A request of a recorded run. */
export interface Point {
  /** Its place in the order of requests, from 0 on. */
  readonly index: number
  /** For people: method and path, without what differs from run to run. */
  readonly request: string
}

/** What came of one case. */
export interface CaseResult {
  readonly point: Point
  readonly fault: string
  /** `success`, or the title of the error. */
  readonly ended: string
  /** Tags that point to an image that is not signed; none is the goal. */
  readonly leaked: readonly string[]
  /** What is not as it should be; nothing is the goal. */
  readonly wrong: readonly string[]
  readonly milliseconds: number
}

/** A fault of a moment, which every run has to survive. */
export function isSurvived(fault: string): boolean {
  return fault.endsWith(' once')
}

/** The requests of a run as points. */
export function pointsOf(requests: readonly LoggedRequest[]): Point[] {
  return requests.map(({ method, path }, index) => ({ index, request: `${method} ${shortPath(path)}` }))
}

/** A rule for one request of all that come by: the one with this index, or each from there on. */
export function ruleAt(index: number, fault: Omit<Rule, 'path'>): Rule {
  return { path: /^/, skip: index, times: 1, ...fault }
}

function shortPath(path: string): string {
  return path
    .replace(/^\/v2\/[^/]+\//, '/')
    .replace(/\?.*$/, '')
    .replace(/uploads\/[^/]+$/, 'uploads/ID')
    .replace(/(sha256.)([0-9a-f]{6})[0-9a-f]{58}/, '$1$2…')
}

/** Spreads `count` of the cases evenly over all of them, so that a sample sees every part of a run. */
export function sample<T>(cases: readonly T[], count: number): T[] {
  if (cases.length <= count) return [...cases]
  return Array.from({ length: count }, (_, index) => cases[Math.floor((index * cases.length) / count)] as T)
}

/** Of each fault `count` cases, spread over all points of a run, and those of each fault between those of the others. */
export function sampleOfEach<T extends { readonly fault: string }>(cases: readonly T[], count: number): T[] {
  const faults = [...new Set(cases.map(({ fault }) => fault))]
  return faults.flatMap((fault, at) => {
    const own = cases.filter((one) => one.fault === fault)
    const places = Array.from({ length: count }, (_, index) => index + at / faults.length)
    return places.map((place) => own[Math.floor((place * own.length) / count)] as T)
  })
}

/** The list in pieces of this size. */
export function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size))
}
