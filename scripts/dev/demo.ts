/**
 * Signs an image and verifies it with the actions of this repository, on this machine alone: a registry and a
 * containerd of its own, real nerdctl and cosign, the machine's Finch where one is installed, no account. `--keep` leaves them up, `--stop` stops those.
 */
import { type Bed, startBed } from '../../__tests__/bed/bed'
import { versions } from '../../__tests__/bed/build/versions'
import type { Finch } from '../../__tests__/bed/machine/finch'
import type { CosignKey } from '../../__tests__/bed/sigstore/keys'
import { runAction } from '../../__tests__/runner/run-action'
import type { ActionRun, Strings } from '../../__tests__/runner/types'
import { endNow } from './lib/command'
import { keepBed, stopKeptBeds } from './lib/kept-beds'
import { liveLog } from './lib/live-log'
import { printResults } from './lib/run-report'
import { clearStatus, duration, paint, showStatus } from './lib/terminal'

const PASSWORD = 'correct horse battery staple'

interface Demo {
  readonly bed: Bed
  readonly key: CosignKey
  readonly signed: string
  readonly unsigned: string
  readonly env: Record<string, string>
  readonly cancelled: AbortSignal
}

async function main(words: readonly string[]): Promise<number> {
  const unknown = words.find((word) => word !== '--keep' && word !== '--stop')
  if (unknown !== undefined) throw new Error(`unknown word ${unknown}; known are --keep and --stop`)
  if (process.platform !== 'linux') throw new Error('the demo needs containerd and so Linux')
  if (words.includes('--stop')) return stopKeptBeds()
  const started = performance.now()
  const { cancelled, bedIsUp } = cancelOnSignal()
  const bed = await startBed({ log: (line) => console.log(paint(`  ${line}`, 'gray')) })
  bedIsUp()
  let isKept = false
  try {
    const demo = await prepare(bed, cancelled)
    const problems = await perform(demo)
    conclude(problems, performance.now() - started)
    if (words.includes('--keep')) {
      await keepBed(bed, demo)
      isKept = true
    }
    return problems.length === 0 ? 0 : 1
  } finally {
    if (!isKept) await bed.stop()
  }
}

async function prepare(bed: Bed, cancelled: AbortSignal): Promise<Demo> {
  showStatus('  ◌ making an image and a key pair ...')
  const { address, namespace, snapshotter } = bed.containerd
  const store = { CONTAINERD_ADDRESS: address, CONTAINERD_NAMESPACE: namespace, CONTAINERD_SNAPSHOTTER: snapshotter }
  const unsigned = `${bed.registry.name}/demo/other:1.0`
  const [image, key] = await Promise.all([bed.makeImage({ name: 'app:build' }), bed.keys.cosign('cosign', PASSWORD)])
  await bed.makeImage({ name: unsigned, marker: 'unsigned' })
  await bed.runFinch(['push', unsigned], { env: store })
  clearStatus()
  const facts = [
    ['Finch', bed.finch.description],
    ['real', whatIsReal(bed.finch)],
    ['registry', `http://${bed.registry.name}, with an unsigned image demo/other:1.0 in it`],
    ['image', `app:build, ${image.digest}`],
    ['key', 'a new cosign key pair with a password'],
  ]
  console.log(paint('\nFinch signing, on this machine alone', 'bold'))
  for (const [name = '', value = ''] of facts) console.log(`  ${paint(name.padEnd(9), 'gray')} ${value}`)
  const env = { ...store, PATH: `${bed.finch.bin}:${process.env.PATH ?? ''}` }
  return { bed, key, unsigned, env, cancelled, signed: `${bed.registry.name}/demo/app:1.0` }
}

function whatIsReal({ kind, version }: Finch): string {
  const tools = `nerdctl ${versions.nerdctl}, cosign ${versions.cosign}, containerd, distribution ${versions.registry}, the action files`
  if (kind === 'finch') return `all of it: Finch ${version}, ${tools}`
  return `${tools}; not the front end of Finch ${version}, which is not installed here`
}

/** The three parts, and what of them did not come out as it must. */
async function perform(demo: Demo): Promise<string[]> {
  const { key, signed, unsigned } = demo
  const log = { 'transparency-log': 'none' }
  const sign = { image: 'app:build', tags: signed, key: key.privatePem, 'key-password': PASSWORD, ...log }
  const published = await call(demo, '1  Publish and sign', 'sign', sign)
  const ignoring = { key: key.publicPem, 'transparency-log': 'ignore' }
  const passed = await call(demo, '2  Verify what was signed', 'verify', { images: signed, ...ignoring })
  const title = '3  Verify what nobody signed: this must be refused'
  const refused = await call(demo, title, 'verify', { images: unsigned, ...ignoring })
  return [
    ...expect('sign succeeds', published.conclusion, 'success'),
    ...expect('sign names a digest', /^sha256:[0-9a-f]{64}$/.test(published.outputs.digest ?? ''), true),
    ...expect('the first verify succeeds', passed.conclusion, 'success'),
    ...expect('its result', passed.outputs.result, 'passed'),
    ...expect('its digest is the signed one', passed.outputs.digest, published.outputs.digest),
    ...expect('the second verify fails', refused.conclusion, 'failure'),
    ...expect('its result', refused.outputs.result, 'failed'),
    ...expect('its output verified', refused.outputs.verified, 'false'),
  ]
}

async function call(demo: Demo, title: string, action: string, inputs: Strings): Promise<ActionRun> {
  const shown = Object.entries(inputs).filter(([name]) => !name.startsWith('key'))
  console.log(`\n${paint(title, 'bold')}`)
  console.log(paint(`   uses: ./${action}   ${shown.map(([name, value]) => `${name}: ${value}`).join('   ')}`, 'gray'))
  const log = await liveLog(action)
  const secrets = [demo.key.privatePem, PASSWORD]
  const { env, cancelled: signal } = demo
  const run = await runAction({ action, with: inputs, env, secrets, signal, onLine: log.onLine })
  log.end()
  console.log()
  printResults(run)
  await run.dispose()
  if (signal.aborted) throw new Error('cancelled')
  return run
}

function expect(what: string, found: unknown, wanted: unknown): string[] {
  return found === wanted ? [] : [`${what}: ${String(found)} instead of ${String(wanted)}`]
}

function conclude(problems: readonly string[], milliseconds: number): void {
  for (const problem of problems) console.log(`${paint('✗', 'red')} ${problem}`)
  if (problems.length > 0) return
  console.log(`${paint('✓', 'green')} The signed image passed, by the digest that was signed.`)
  console.log(`${paint('✓', 'green')} The unsigned image was refused.   ${paint(duration(milliseconds), 'gray')}`)
}

/**
 * Before the bed is up, Ctrl-C ends everything at once. After that the first one ends the step under way as a cancelled
 * job would, and everything is taken down.
 */
function cancelOnSignal(): { cancelled: AbortSignal; bedIsUp: () => void } {
  const controller = new AbortController()
  let isUp = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => (isUp ? controller.abort() : endNow(signal)))
  }
  return {
    cancelled: controller.signal,
    bedIsUp: () => {
      isUp = true
    },
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  clearStatus()
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`)
  return 1
})
