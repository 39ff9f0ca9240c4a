/**
 * What a step waited for: calls of tools, and requests to registries.
 */

/** One call of a tool, or one request; times in milliseconds. */
export interface TimedCall {
  /** `finch push`, `cosign verify`, or `registry HOST`. */
  readonly what: string
  /** From the start of the step. */
  readonly begin: number
  readonly duration: number
}

/** Calls of one kind that overlap or follow each other; of requests those between two other calls. */
export interface TimeSpan {
  readonly what: string
  readonly begin: number
  readonly end: number
  readonly calls: number
}

/** The spans in the order in which they began: a call of a tool is one, requests to a host that lie close together are one. */
export function timeSpans(calls: readonly TimedCall[], gap = 20): TimeSpan[] {
  const spans: { what: string; begin: number; end: number; calls: number }[] = []
  const open = new Map<string, (typeof spans)[number]>()
  for (const { what, begin, duration } of [...calls].sort((a, b) => a.begin - b.begin)) {
    const end = begin + duration
    const last = open.get(what)
    if (what.startsWith('registry ') && last !== undefined && begin <= last.end + gap) {
      last.end = Math.max(last.end, end)
      last.calls++
      continue
    }
    const span = { what, begin, end, calls: 1 }
    open.set(what, span)
    spans.push(span)
  }
  return spans
}

/** What there was of each kind: how often, and for how long in all. Those that took longest come first. */
export function timeTotals(calls: readonly TimedCall[]): (Omit<TimeSpan, 'begin' | 'end'> & { total: number })[] {
  const totals = new Map<string, { what: string; calls: number; total: number }>()
  for (const { what, duration } of calls) {
    const total = totals.get(what) ?? { what, calls: 0, total: 0 }
    totals.set(what, { what, calls: total.calls + 1, total: total.total + duration })
  }
  return [...totals.values()].sort((a, b) => b.total - a.total)
}
