/**
 * What is known of a verdict before a registry is asked: rules that are missing, expired, refuse, or cannot be judged.
 */
import { describeRule, isExpired, type Rule } from './rule'
import type { Place, Subject } from './subject'
import { exceptionExpired, type Failure, NO_RULE, notJudged, refusedByPolicy } from './verdict'

/** `open`: the registry and the signatures will say. */
type Outlook =
  | { readonly result: 'open'; readonly terms: readonly string[] }
  | { readonly result: 'failed'; readonly failure: Failure }
  | { readonly result: 'error'; readonly reason: string }

export type Forecast = Outlook & { readonly name: string; readonly places: readonly Place[] }

/** @param today `YYYY-MM-DD` in UTC, for exceptions that expire */
export function forecast({ name, places, rule }: Subject, today: string): Forecast {
  const outlook: Outlook = rule === undefined ? { result: 'failed', failure: NO_RULE } : outlookOf(name, rule, today)
  return { name, places, ...outlook }
}

function outlookOf(image: string, rule: Rule, today: string): Outlook {
  const open: Outlook = { result: 'open', terms: describeRule(rule) }
  switch (rule.kind) {
    case 'signed':
      return open
    case 'unsigned':
      return isExpired(rule, today) ? { result: 'failed', failure: exceptionExpired(rule) } : open
    case 'refused':
      return { result: 'failed', failure: refusedByPolicy(rule) }
    case 'unjudged':
      return { result: 'error', reason: notJudged(image, rule).message }
    case 'combined': {
      const parts = rule.rules.map((one) => outlookOf(image, one, today))
      if (rule.needs === 'any' && parts.some(({ result }) => result === 'open')) return open
      const settled = (wanted: Outlook['result']): Outlook | undefined => parts.find(({ result }) => result === wanted)
      return settled('error') ?? settled('failed') ?? open
    }
  }
}
