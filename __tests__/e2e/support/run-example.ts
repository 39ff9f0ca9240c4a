/** Runs a workflow of examples/ in two ways, and brings what both say into one form. */
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { bareEnv, run } from '../../bed/process'
import type { GithubContext, Strings } from '../../runner/types'
import { runWorkflow, type WorkflowFile } from '../../runner/workflow'
import { ACTIONS, ACTOR, type ExampleBed, TOKEN } from './example-bed'
import { withStandIns } from './stand-ins'
import { ROOT } from './workbench'

/** How a workflow is started. */
export interface Started {
  readonly github: GithubContext
  readonly secrets?: Strings
  /** Of several jobs the one to run. */
  readonly job?: string
  /** Words of the example in the place of which others are needed here. */
  readonly replace?: readonly [string, string]
  /** Of `workflow_dispatch`. */
  readonly inputs?: Strings
}

export interface ExampleRun {
  readonly conclusion: string
  /** Outputs of the steps by their ids. */
  readonly outputs: Readonly<Record<string, Strings>>
  readonly log: string
}

/** The example with stand-ins, and our own actions where the project of the bed has them. */
async function readExample(name: string, [from, to] = ['', ''] as readonly [string, string]): Promise<WorkflowFile> {
  const folder = name === 'prober' ? join('.github', 'workflows') : 'examples'
  const text = await readFile(join(ROOT, folder, `${name}.yml`), 'utf8')
  const workflow = parse(from === '' ? text : text.replaceAll(from, to)) as WorkflowFile
  return withStandIns(workflow, (part) => `./${join(ACTIONS, part)}`)
}

/** Runs it with the runner of these tests. */
export async function runHere(bed: ExampleBed, name: string, started: Started): Promise<ExampleRun> {
  const { workspace, env } = bed
  const job = await runWorkflow(await readExample(name, started.replace), {
    ...{ workspace, env, github: githubOf(started) },
    ...(started.secrets === undefined ? {} : { secretValues: started.secrets }),
    ...(started.inputs === undefined ? {} : { inputs: started.inputs }),
    ...(started.job === undefined ? {} : { job: started.job }),
    folderOf: (uses) => (uses.startsWith('./') ? join(workspace, uses) : undefined),
  })
  await job.dispose()
  const outputs = Object.fromEntries(job.steps.filter(({ id }) => id !== '').map((step) => [step.id, step.outputs]))
  const names = job.steps.map((step) => `${step.name}: ${step.outcome}\n`).join('')
  return { conclusion: job.conclusion, outputs, log: names + job.log }
}

/** Runs it with act. A last step tells what the others came to. */
export async function runByAct(act: string, bed: ExampleBed, name: string, started: Started): Promise<ExampleRun> {
  const folder = await mkdtemp(join(bed.bench.bed.dir, `act-${name}-`))
  const [home, results] = [join(folder, 'home'), join(folder, 'results')]
  await mkdir(join(home, '.config', 'act'), { recursive: true })
  await mkdir(results)
  const github = githubOf(started)
  const event = { ...(github.event as object), inputs: started.inputs ?? {}, ref: github.ref }
  const workflow = join(folder, 'workflow.yml')
  await writeFile(workflow, stringify(forAct(await readExample(name, started.replace), results)))
  await writeFile(join(folder, 'event.json'), JSON.stringify(event))
  // JSON in a file named .yml keeps secrets byte for byte.
  await writeFile(join(folder, 'secrets.yml'), JSON.stringify({ GITHUB_TOKEN: TOKEN, ...started.secrets }), {
    mode: 0o600,
  })
  const labels = ['ubuntu-24.04', 'self-hosted'].flatMap((label) => ['--platform', `${label}=-self-hosted`])
  const files = [
    '--workflows',
    workflow,
    '--eventpath',
    join(folder, 'event.json'),
    '--secret-file',
    join(folder, 'secrets.yml'),
  ]
  const chosen = started.job === undefined ? [] : ['--job', started.job]
  const options = [...chosen, ...labels, ...files, '--no-cache-server', '--pull=false', '--actor', ACTOR]
  const numbered = { GITHUB_REF_NAME: String(github.ref_name ?? 'main') }
  const env = bareEnv(home, {
    ...bed.env,
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
  })
  const given = Object.entries({ ...bed.env, HOME: home, ...numbered }).flatMap(([key, value]) => [
    '--env',
    `${key}=${value}`,
  ])
  const eventName = String(github.event_name ?? 'push')
  const done = await run(act, [eventName, ...options, ...given], {
    cwd: bed.workspace,
    env,
    check: false,
    timeoutMs: 150_000,
  })
  const log = done.stdout + done.stderr
  const told = await readFile(join(results, 'steps.json'), 'utf8').catch(() => Promise.reject(new Error(log)))
  const steps = JSON.parse(told) as Record<string, { outputs: Strings }>
  const outputs = Object.fromEntries(Object.entries(steps).map(([id, step]) => [id, step.outputs]))
  return { conclusion: done.code === 0 ? 'success' : 'failure', outputs, log }
}

function githubOf({ github, inputs }: Started): GithubContext {
  const event = {
    ...(github.event as object | undefined),
    repository: { private: true, full_name: 'team/web' },
    inputs,
  }
  return { repository: 'team/web', actor: ACTOR, token: TOKEN, ...github, event }
}

/** act needs the checkout, at which it copies the project, and a step that hands out the outputs of the others. */
function forAct(workflow: WorkflowFile, results: string): WorkflowFile {
  const tell = {
    name: 'Tell',
    if: 'always()',
    run: `printf '%s' "$STEPS" >'${results}/steps.json'`,
    env: { STEPS: '${' + '{ toJSON(steps) }}' },
  }
  const jobs = Object.entries(workflow.jobs).map(([id, job]) => {
    return [id, { ...job, steps: [{ uses: 'actions/checkout@v7' }, ...job.steps, tell] }]
  })
  return { ...workflow, jobs: Object.fromEntries(jobs) }
}
