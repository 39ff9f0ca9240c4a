/** The programs of reader/, each started when a file needs it. */
import * as v from 'valibot'
import { ParserDied, ParserWorker } from './parser-worker'
import { type FileAnswer, type FileKind, imageSchema, kindSchema, problemSchema, serviceSchema } from './protocol'

export type ProgramName = 'dockerfile' | 'dockerfile-newest' | 'compose' | 'manifests' | 'charts'

const follow = v.object({
  program: v.picklist(['dockerfile', 'compose', 'kustomization', 'chart']),
  path: v.string(),
  text: v.string(),
  inline: v.boolean(),
  args: v.nullable(v.record(v.string(), v.string())),
  contexts: v.nullable(v.array(v.string())),
  target: v.string(),
  values: v.nullable(v.array(v.string())),
  optional: v.boolean(),
  line: v.number(),
})

/** Something that another program has to read too. */
export type Follow = v.InferOutput<typeof follow>

const found = v.object({
  kind: kindSchema,
  images: v.array(imageSchema),
  problems: v.array(problemSchema),
  services: v.array(serviceSchema),
  follow: v.array(follow),
})

/** What a program found in a file, and the files of the workspace that it looked at. */
export interface Found extends Omit<FileAnswer, 'path'> {
  readonly follow: readonly Follow[]
}

export function nothing(kind: FileKind): Found {
  return { kind, images: [], problems: [], died: false, services: [], read: [], follow: [] }
}

/** The programs for one request; `end` has to be called. */
export class Programs {
  private readonly started = new Map<ProgramName, ParserWorker>()
  private readonly asked = new Map<string, Promise<Found>>()

  constructor(
    private readonly folder: string,
    private readonly workspace: string,
    private readonly timeLimit: () => number,
  ) {}

  /** Gives a task about `file` to a program. A parser that does not answer makes the file invalid. */
  async ask(name: ProgramName, file: string, task: Readonly<Record<string, unknown>>): Promise<Found> {
    try {
      const { answer, looked } = await this.program(name).ask(task, this.timeLimit)
      const { problems, ...rest } = v.parse(found, JSON.parse(answer))
      const refused = [
        ...looked.outside.map((path) => refusal(file, path, 'it leads out of the workspace by a symbolic link')),
        ...looked.tooLarge.map((path) => refusal(file, path, 'it is larger than 5 MB')),
      ]
      return { ...rest, problems: [...problems, ...refused], died: false, read: looked.read }
    } catch (error) {
      if (!(error instanceof ParserDied)) throw error
      return { ...nothing('other'), died: true, problems: [refusal(file, file, error.message)] }
    }
  }

  /** {@link ask} for a task that many files lead to: it is given once, about the first of them. */
  askOnce(name: ProgramName, file: string, task: Readonly<Record<string, unknown>>): Promise<Found> {
    const id = JSON.stringify([name, task])
    const present = this.asked.get(id)
    if (present !== undefined) return present
    const answer = this.ask(name, file, { ...task, file })
    this.asked.set(id, answer)
    return answer
  }

  /** Ends all programs, whatever they do. */
  async end(): Promise<void> {
    await Promise.all([...this.started.values()].map((one) => one.end()))
  }

  private program(name: ProgramName): ParserWorker {
    const present = this.started.get(name)
    if (present !== undefined) return present
    const made = new ParserWorker(this.folder, name, this.workspace)
    this.started.set(name, made)
    return made
  }
}

function refusal(file: string, text: string, why: string): Found['problems'][number] {
  return { text, file, line: 1, why, cause: 'invalid' }
}

/** What several programs found in the same file, each thing once. */
export function joined(kind: FileKind, found: readonly Found[]): Found {
  return {
    kind,
    images: distinct(found.flatMap((one) => one.images)),
    problems: distinct(found.flatMap((one) => one.problems)),
    died: found.some((one) => one.died),
    services: distinct(found.flatMap((one) => one.services)),
    follow: found.flatMap((one) => one.follow),
    read: [...new Set(found.flatMap((one) => one.read))].sort(),
  }
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]
}
