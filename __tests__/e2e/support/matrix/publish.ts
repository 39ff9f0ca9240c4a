/**
 * The publish matrix: a fault at each request of a run of `sign`. Afterwards everything that was asked for is there and
 * verified, or no tag points to an image that is not signed; a second run without faults completes it.
 */
import pLimit from 'p-limit'
import type { Rule } from '../../../bed/registry/proxy'
import type { ActionRun } from '../../../runner/run-action'
import { attestedByHand } from '../attestations'
import { claimsByHand, LEGACY_CLAIM, ownTags, SIGN_CLAIM, titles } from '../evidence'
import { type CaseResult, chunks, isSurvived, type Point, pointsOf, ruleAt } from './cases'
import { CASE_VARIABLE, killJob } from './kill'
import type { PublishBench, Start, Way } from './ways'

/** A point and what happens there. */
export interface PublishCase {
  readonly point: Point
  readonly fault: PublishFault
}

export type PublishFault = keyof typeof FAULTS

const TAGS = ['1', 'latest']
const EVER = Number.POSITIVE_INFINITY
/** For requests without an answer; also a busy machine does each healthy call of a tool in a third of this time. */
const SHORT_LIMIT = '30s'
/** Cases that one second run completes, and how many of them run at once. */
const IN_ONE_BATCH = 8
const CASES_AT_ONCE = 2
/** What a run may take at most, with all its repetitions. */
const LONGEST = 120_000

const FAULTS = {
  'reset once': () => ({ reset: 'before' }),
  'answer lost once': () => ({ reset: 'after' }),
  'no answer once': () => ({ hang: true }),
  'cut in the body once': () => ({ cut: true }),
  '429 once': () => ({ status: 429 }),
  '500 once': () => ({ status: 500 }),
  '503 once': () => ({ status: 503 }),
  '500 for ever': () => ({ status: 500, times: EVER }),
  killed: (job: string) => ({ onAnswer: () => killJob(job), reset: 'after' }),
} as const satisfies Record<string, (job: string) => Omit<Rule, 'path'>>

/** The requests of a run without faults. */
export async function recordPublish(given: PublishBench): Promise<Point[]> {
  const way = await given.open()
  const run = await publish(given, way, [target(way, `recorded-${given.image.name.replace(':', '-')}`)])
  await way.proxy.stop()
  if (run.outcome !== 'success') throw new Error(`the run to be recorded failed: ${titles(run).join()}`)
  return pointsOf(way.proxy.requests)
}

/** Every fault at every point. */
export function publishCases(points: readonly Point[]): PublishCase[] {
  const faults = Object.keys(FAULTS) as PublishFault[]
  return points.flatMap((point) => faults.map((fault) => ({ point, fault })))
}

/** Runs cases, several at once, each in a repository of its own; `onResult` hears of each as it ends. */
export async function runPublishCases(
  given: PublishBench,
  cases: readonly PublishCase[],
  { atOnce = 2, onResult = (_result: CaseResult) => {} } = {},
): Promise<CaseResult[]> {
  const limit = pLimit(atOnce)
  const batches = chunks(cases, IN_ONE_BATCH)
  const results = batches.map((batch) => limit(() => runBatch(given, batch, onResult)))
  return (await Promise.all(results)).flat()
}

/** What a case came to before the second run. */
interface Broken {
  readonly one: PublishCase
  readonly repository: string
  readonly way: Way
  readonly run: ActionRun
  readonly state: State
  readonly milliseconds: number
}

/** One second run completes a whole batch; where it fails, each case has a second run of its own. */
async function runBatch(
  given: PublishBench,
  batch: readonly PublishCase[],
  onResult: (result: CaseResult) => void,
): Promise<CaseResult[]> {
  const limit = pLimit(CASES_AT_ONCE)
  const broken = await Promise.all(batch.map((one) => limit(() => breakOne(given, one))))
  try {
    const targets = broken.map(({ way, repository }) => target(way, repository))
    const together = await publish(given, given.healthy, targets)
    const results: CaseResult[] = []
    for (const [at, one] of broken.entries()) {
      const again = together.outcome === 'success' ? together : await publish(given, given.healthy, [targets[at] ?? ''])
      const result = judge(given, one, again, await stateOf(given, one.repository))
      results.push(result)
      onResult(result)
    }
    return results
  } finally {
    await Promise.all(broken.map(({ way }) => way.proxy.stop()))
  }
}

async function breakOne(given: PublishBench, one: PublishCase): Promise<Broken> {
  const { point, fault } = one
  const repository = `${given.image.name.replace(':', '-')}-${point.index}-${fault.replaceAll(' ', '-')}`
  const way = await given.open()
  way.proxy.addRule(ruleAt(point.index, FAULTS[fault](repository)))
  const started = performance.now()
  const timeout = fault === 'no answer once' ? SHORT_LIMIT : '60s'
  const env = { ...way.env, [CASE_VARIABLE]: repository }
  const run = await publish(given, { inputs: { ...way.inputs, timeout }, env }, [target(way, repository)])
  const milliseconds = performance.now() - started
  way.proxy.clearRules()
  return { one, repository, way, run, state: await stateOf(given, repository), milliseconds }
}

function judge(given: PublishBench, broken: Broken, again: ActionRun, after: State): CaseResult {
  const { one, run, state, milliseconds } = broken
  const { point, fault } = one
  const title = titles(run)[0] ?? (fault === 'killed' ? 'killed' : 'nothing')
  const ended = run.outcome === 'success' ? 'success' : title
  const wrong = [
    ...judgeFirst(given, run, state, ended),
    ...(isSurvived(fault) && ended !== 'success' ? ['it did not complete'] : []),
    ...(milliseconds > LONGEST ? [`it took ${Math.round(milliseconds / 1000)} s`] : []),
    ...judgeSecond(given, again, after),
  ]
  const leaked = [...(given.isTagFirst === true ? [] : state.unsigned), ...after.unsigned]
  return { point, fault, ended, leaked, wrong, milliseconds }
}

function target({ host }: Way, repository: string): string {
  return TAGS.map((tag) => `${host}/${repository}:${tag}`).join()
}

function publish(given: PublishBench, { inputs, env }: Start, tags: readonly string[]): Promise<ActionRun> {
  const { bench, image, attested } = given
  const own = attested === undefined ? {} : { workspace: attested.workspace }
  return bench.sign({ image: image.name, tags: tags.join(), ...inputs }, { env, ...own })
}

interface State {
  /** Where each tag points to. */
  readonly tags: Readonly<Record<string, string>>
  /** Those that point to what cosign does not verify. */
  readonly unsigned: readonly string[]
}

/** Asks registry and cosign by hand, past the proxy. */
async function stateOf(given: PublishBench, repository: string): Promise<State> {
  const { bed } = given.bench
  const names = await ownTags(bed, repository)
  const found = await Promise.all(
    names.map(async (tag) => [tag, (await bed.registry.manifest(repository, tag))?.digest ?? ''] as const),
  )
  const digests = [...new Set(found.map(([, digest]) => digest))]
  const signed = new Set<string>()
  for (const digest of digests) {
    if (await isSigned(given, repository, digest)) signed.add(digest)
  }
  return {
    tags: Object.fromEntries(found),
    unsigned: found.filter(([, digest]) => !signed.has(digest)).map(([tag]) => `${repository}:${tag}`),
  }
}

/** Whether an image is signed in every wanted format and, where it is the one that is published, in all its parts. */
async function isSigned(given: PublishBench, repository: string, digest: string) {
  const { bench, key, image, isBoth, attested } = given
  const { bed } = bench
  for (const part of digest === image.digest ? image.parts : [digest]) {
    const name = `${bed.registry.name}/${repository}@${part}`
    if (!(await claimsByHand(bed, name, key)).includes(`${SIGN_CLAIM} ${part}`)) return false
    const older = isBoth === true ? await claimsByHand(bed, name, key, { args: ['--new-bundle-format=false'] }) : []
    if (isBoth === true && !older.includes(`${LEGACY_CLAIM} ${part}`)) return false
  }
  if (attested === undefined) return true
  return (await attestedByHand(bed, `${bed.registry.name}/${repository}@${digest}`, key, attested.type)).length > 0
}

function isComplete({ image }: PublishBench, { tags, unsigned }: State): boolean {
  return unsigned.length === 0 && TAGS.every((tag) => tags[tag] === image.digest)
}

function judgeFirst(given: PublishBench, run: ActionRun, state: State, ended: string): string[] {
  if (run.outcome === 'success') {
    const isTold = run.outputs.digest === given.image.digest
    return [
      ...(isComplete(given, state) ? [] : ['success, and not everything is there']),
      ...(isTold ? [] : ['wrong digest']),
    ]
  }
  if (ended === 'killed') return []
  if (ended === 'nothing') return ['it failed and does not say why']
  return [
    ...(ended.startsWith('An error inside') ? [`not foreseen: ${run.annotations[0]?.message}`] : []),
    ...(run.orphans.length > 0 ? [`still running: ${run.orphans.map(({ cmdline }) => cmdline).join()}`] : []),
  ]
}

function judgeSecond(given: PublishBench, run: ActionRun, state: State): string[] {
  if (run.outcome !== 'success') return [`the second run failed: ${titles(run).join()}`]
  return isComplete(given, state) ? [] : ['after the second run not everything is there']
}
