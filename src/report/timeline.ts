import { type TimedCall, timeSpans, timeTotals } from '../domain/calls/timeline'
import { code, details, table } from './markdown'

/** With more spans only the totals are shown. */
const SPANS_SHOWN = 40

/** The part of a summary that says where the time went; empty where nothing was called. */
export function timelineDetails(calls: readonly TimedCall[], total: number): string[] {
  if (calls.length === 0) return []
  const spans = timeSpans(calls)
  const totals = table(
    ['Call', 'Times', 'Together'],
    timeTotals(calls).map((one) => [code(one.what), String(one.calls), milliseconds(one.total)]),
  )
  const rows = spans.map(({ what, begin, end, calls }) => {
    const times = calls === 1 ? '' : ` × ${calls}`
    return [`${code(what)}${times}`, milliseconds(begin), milliseconds(end - begin)]
  })
  const order = rows.length > SPANS_SHOWN ? [] : [table(['In their order', 'At', 'Took'], rows)]
  const note = 'Calls overlap, so that their times together can be more than the step took.'
  const text = [`The step took ${milliseconds(total)}. ${note}`, totals, ...order].join('\n\n')
  return [details('Where the time went', text)]
}

/** Lines for the debug log. */
export function timelineLines(calls: readonly TimedCall[], total: number, peakMemory: number): string[] {
  const spans = timeSpans(calls).map(({ what, begin, end, calls }) => {
    const times = calls === 1 ? '' : ` (${calls} requests)`
    return `at ${milliseconds(begin)}: ${what}${times}: ${milliseconds(end - begin)}`
  })
  return [...spans, `the step took ${milliseconds(total)} and at most ${Math.round(peakMemory / 1000)} MB`]
}

function milliseconds(time: number): string {
  return `${Math.round(time)} ms`
}
