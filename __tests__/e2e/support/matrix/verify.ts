/**
 * The verify matrix: a fault at each request of a verification. What the key has not signed never passes, what it has
 * signed never fails.
 */
import pLimit from 'p-limit'
import { stringify } from 'yaml'
import type { Rule } from '../../../bed/registry/proxy'
import { digestOf } from '../../../bed/registry/registry-client'
import { type CheckedImage, imagesOf } from '../evidence'
import type { Workbench } from '../workbench'
import { type CaseResult, chunks, isSurvived, type Point, pointsOf, ruleAt } from './cases'
import type { Door, Service, Subject, Subjects } from './subjects'

/** A point of one subject's verification and what happens there. */
export interface VerifyCase {
  readonly subject: Subject
  readonly service: Service
  readonly point: Point
  readonly fault: string
}

const EVER = Number.POSITIVE_INFINITY
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'
const OTHER_DIGEST = `sha256:${'0'.repeat(64)}`
/** Cases that are verified in one run: each has an image name, and so proxies, of its own. */
const IN_ONE_RUN = 10

/** A fault; undefined where it makes no sense for this request. */
type MakeFault = (request: string, subject: Subject) => Omit<Rule, 'path'> | undefined

const FAULTS: Readonly<Record<string, MakeFault>> = {
  'reset once': () => ({ reset: 'before' }),
  'answer lost once': () => ({ reset: 'after' }),
  'no answer once': () => ({ hang: true }),
  'cut in the body once': () => ({ cut: true }),
  '429 once': () => ({ status: 429 }),
  '500 once': () => ({ status: 500 }),
  '503 once': () => ({ status: 503 }),
  'reset for ever': () => ({ reset: 'before', times: EVER }),
  '500 for ever': () => ({ status: 500, times: EVER }),
  '503 for ever': () => ({ status: 503, times: EVER }),
  '401': () => ({ status: 401 }),
  '403': () => ({ status: 403 }),
  '404': () => ({ status: 404 }),
  '405': () => ({ status: 405 }),
  drip: () => ({ drip: 20, times: EVER }),
  delay: () => ({ delayMs: 300 }),
  'wrong digest header': () => ({ headers: { 'docker-content-digest': OTHER_DIGEST } }),
  'no digest header': () => ({ headers: { 'docker-content-digest': '' } }),
  'a web page': () => ({ status: 200, body: '<html></html>', headers: { 'content-type': 'text/html' } }),
  'empty object': () => ({ status: 200, body: '{}' }),
  'stale tag': (request, { stale }) => (request.endsWith('/manifests/1') ? instead(stale, MANIFEST) : undefined),
  'stale index of signatures': (request) => {
    const empty = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [] })
    return /referrers|manifests\/sha256-[^.]*$/.test(request) ? instead(Buffer.from(empty), INDEX) : undefined
  },
}

const SLOW = new Set(['no answer once', 'drip'])

function instead(body: Buffer, type: string): Omit<Rule, 'path'> {
  const headers = { 'content-type': type, 'docker-content-digest': digestOf(body) }
  return { status: 200, body: body.toString(), headers }
}

/** Every fault at every request of each subject's verification. */
export async function verifyCases(bench: Workbench, subjects: Subjects): Promise<VerifyCase[]> {
  const cases: VerifyCase[] = []
  for (const subject of subjects.all) {
    const door = await subjects.open(subject)
    door.arm()
    await verify(bench, subjects, [{ subject, door }], subject.isPulled, '60s')
    for (const service of ['registry', 'tokens'] as const) {
      for (const point of pointsOf(door.proxies[service].requests)) {
        for (const [fault, make] of Object.entries(FAULTS)) {
          if (make(point.request, subject) !== undefined) cases.push({ subject, service, point, fault })
        }
      }
    }
    await door.stop()
  }
  return cases
}

/** Runs cases, several in one run and several runs at once; `onResult` hears of each as it ends. */
export async function runVerifyCases(
  bench: Workbench,
  subjects: Subjects,
  cases: readonly VerifyCase[],
  { atOnce = 4, onResult = (_result: CaseResult) => {} } = {},
): Promise<CaseResult[]> {
  const groups = new Map<string, VerifyCase[]>()
  for (const one of cases) {
    const group = `${SLOW.has(one.fault) ? 'slow' : one.fault} ${one.subject.isPulled}`
    groups.set(group, [...(groups.get(group) ?? []), one])
  }
  const runs = [...groups.values()].flatMap((group) => chunks(group, IN_ONE_RUN))
  const limit = pLimit(atOnce)
  const results = await Promise.all(
    runs.map((run) =>
      limit(async () => {
        const ended = await runTogether(bench, subjects, run)
        for (const result of ended) onResult(result)
        return ended
      }),
    ),
  )
  return results.flat()
}

async function runTogether(bench: Workbench, subjects: Subjects, cases: readonly VerifyCase[]): Promise<CaseResult[]> {
  const doors = await Promise.all(cases.map(({ subject }) => subjects.open(subject)))
  try {
    for (const [at, { service, point, fault, subject }] of cases.entries()) {
      const rule = FAULTS[fault]?.(point.request, subject)
      doors[at]?.arm(service, rule && ruleAt(point.index, rule))
    }
    const targets = cases.map(({ subject }, at) => ({ subject, door: doors[at] as Door }))
    const timeout = cases.some(({ fault }) => SLOW.has(fault)) ? '30s' : '60s'
    const started = performance.now()
    const run = await verify(bench, subjects, targets, cases[0]?.subject.isPulled ?? false, timeout)
    const milliseconds = performance.now() - started
    const images = imagesOf<CheckedImage>(run)
    return cases.map((one, at) => judge(subjects, one, images[at], milliseconds))
  } finally {
    await Promise.all(doors.map((door) => door.stop()))
  }
}

function verify(
  bench: Workbench,
  { key, user }: Subjects,
  targets: readonly { readonly subject: Subject; readonly door: Door }[],
  isPulled: boolean,
  timeout: string,
) {
  const auth = targets.filter(({ subject }) => subject.isGuarded).map(({ door }) => ({ registry: door.host, ...user }))
  return bench.verify({
    images: targets.map(({ subject, door }) => `${door.host}/${subject.repository}:1`).join('\n'),
    ...{ key: key.publicPem, 'transparency-log': 'ignore', pull: String(isPulled), timeout },
    ...(auth.length > 0 ? { 'registry-auth': stringify(auth) } : {}),
  })
}

function judge(
  { signed }: Subjects,
  { subject, service, point, fault }: VerifyCase,
  image: CheckedImage | undefined,
  milliseconds: number,
): CaseResult {
  const { result = 'nothing', digest = '', reason = '' } = image ?? {}
  const wrong = [
    ...(result === 'nothing' ? ['no result'] : []),
    ...(result === 'passed' && !signed.has(digest) ? [`passed without a signature: ${digest}`] : []),
    ...(result === 'failed' && signed.has(digest) ? [`failed with a signature: ${reason}`] : []),
    ...(isSurvived(fault) && result === 'error' ? [`the fault of a moment was not survived: ${reason}`] : []),
    ...(reason.startsWith('unexpected') ? [reason] : []),
  ]
  const request = `${subject.repository}${service === 'tokens' ? ' (tokens)' : ''}: ${point.request}`
  const ended = reason === '' ? result : `${result}: ${reason.slice(0, 120)}`
  return { point: { ...point, request }, fault, ended, leaked: [], wrong, milliseconds }
}
