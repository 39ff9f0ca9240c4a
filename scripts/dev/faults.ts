/**
 * The whole matrices of faults: `npm run test:faults`, or `-- NAME ...` for some of them (`registry`, `index`, `both`, `finch`,
 * `promotion`, `kms`, `log`, `timestamps`, `verify`), `-- --every=5` for each fifth case, `-- --fault=once` for the faults whose names hold that word. It fails when a tag was visible without a signature, or
 * when anything ended as it must not.
 */
import { type CaseResult, sample } from '../../__tests__/e2e/support/matrix/cases'
import { publishCases, recordPublish, runPublishCases } from '../../__tests__/e2e/support/matrix/publish'
import { makeSubjects } from '../../__tests__/e2e/support/matrix/subjects'
import { runVerifyCases, verifyCases } from '../../__tests__/e2e/support/matrix/verify'
import {
  bundleWay,
  finchWay,
  indexWay,
  kmsWay,
  logWay,
  type PublishBench,
  promotionWay,
  registryWay,
  timestampsWay,
} from '../../__tests__/e2e/support/matrix/ways'
import { startWorkbench, type Workbench } from '../../__tests__/e2e/support/workbench'
import { endNow } from './lib/command'
import { describe, isBad, printFaultTable } from './lib/fault-table'
import { clearStatus, duration, paint, showStatus } from './lib/terminal'

/** The matrices of `sign`, by the service that fails, or by what is published to the registry that fails. */
const WAYS = {
  registry: registryWay,
  index: indexWay,
  bundle: bundleWay,
  finch: finchWay,
  promotion: promotionWay,
  kms: kmsWay,
  log: logWay,
  timestamps: timestampsWay,
}

/** Which of the cases are tried. */
interface Choice {
  /** Each n-th. */
  readonly every: number
  /** What the names of their faults hold. */
  readonly fault: string
}

async function main(words: readonly string[]): Promise<number> {
  const option = (name: string): string | undefined => {
    return words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3)
  }
  const choice: Choice = { every: Number(option('every') ?? 1), fault: option('fault') ?? '' }
  const matrices = words.filter((word) => !/^--(every=[1-9]\d*|fault=.*)$/.test(word))
  const known = [...Object.keys(WAYS), 'verify']
  const unknown = matrices.find((word) => !known.includes(word))
  if (unknown !== undefined) {
    throw new Error(`unknown word ${unknown}; known are ${known.join(', ')}, --every=N and --fault=WORD`)
  }
  const isWanted = (name: string): boolean => matrices.length === 0 || matrices.includes(name)
  const started = performance.now()
  const bench = await startWorkbench({ log: (line) => console.log(paint(`  ${line}`, 'gray')) })
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void bench.stop().finally(() => endNow(signal)))
  try {
    const all: CaseResult[] = []
    const show = (title: string, results: readonly CaseResult[]): void => {
      clearStatus()
      printFaultTable(title, results)
      all.push(...results)
    }
    for (const [name, way] of Object.entries(WAYS)) {
      if (!isWanted(name)) continue
      show(`sign, a fault at each request (${name})`, await publishMatrix(await way(bench), name, choice))
    }
    if (isWanted('verify')) show('verify, a fault at each request', await verifyMatrix(bench, choice))
    console.log(`\nin ${duration(performance.now() - started)}`)
    return all.some(isBad) ? 1 : 0
  } finally {
    await bench.stop()
  }
}

async function publishMatrix(given: PublishBench, name: string, choice: Choice): Promise<CaseResult[]> {
  try {
    const points = await recordPublish(given)
    const cases = chosen(publishCases(points), choice)
    return await runPublishCases(given, cases, {
      onResult: progress(`${name}, ${points.length} requests`, cases.length),
    })
  } finally {
    await given.stop()
  }
}

async function verifyMatrix(bench: Workbench, choice: Choice): Promise<CaseResult[]> {
  const subjects = await makeSubjects(bench)
  try {
    const cases = chosen(await verifyCases(bench, subjects), choice)
    return await runVerifyCases(bench, subjects, cases, { onResult: progress('verify', cases.length) })
  } finally {
    await subjects.stop()
  }
}

function chosen<T extends { readonly fault: string }>(cases: readonly T[], { every, fault }: Choice): T[] {
  const wanted = cases.filter((one) => one.fault.includes(fault))
  return sample(wanted, Math.ceil(wanted.length / every))
}

function progress(name: string, total: number): (result: CaseResult) => void {
  let done = 0
  return (result) => {
    done++
    clearStatus()
    if (isBad(result) || process.env.CI === undefined)
      console.log(paint(`  ${describe(result)}`, isBad(result) ? 'red' : 'gray'))
    showStatus(`◌ ${name}: ${done} of ${total}`)
  }
}

process.exitCode = await main(process.argv.slice(2))
