/**
 * Groups of log lines. The runner shows one group after the other and nests none; here several pieces of work may go on at
 * once, each with a group of its own, and the log has them in the order in which they began.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { performance } from 'node:perf_hooks'

/** Where the lines go. */
export interface GroupOutput {
  start(title: string): void
  line(text: string): void
  end(): void
}

interface Group {
  readonly title: string
  readonly begin: number
  /** What was said while an earlier group was open. */
  readonly waiting: (() => void)[]
  ending: string | undefined
}

/** Milliseconds between two lines that say what is waited for. */
const PATIENCE = 30_000
const SHOWN = 5

export class LogGroups {
  private readonly current = new AsyncLocalStorage<Group>()
  /** The first one is open; the others wait for their turn. */
  private readonly groups: Group[] = []
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly output: GroupOutput,
    private readonly patience = PATIENCE,
  ) {}

  /**
   * Does the work, and shows what is said meanwhile below `title`, with the time that it took. Inside of another group the
   * title is a line of that one.
   */
  async run<T>(title: string, work: () => Promise<T>): Promise<T> {
    if (this.current.getStore() !== undefined) {
      this.say(() => this.output.line(title))
      return work()
    }
    const group: Group = { title, begin: performance.now(), waiting: [], ending: undefined }
    if (this.groups.push(group) === 1) this.open(group)
    try {
      const result = await this.current.run(group, work)
      group.ending = `took ${elapsed(group)}`
      return result
    } catch (error) {
      group.ending = `failed after ${elapsed(group)}`
      throw error
    } finally {
      this.closeEnded()
    }
  }

  /** Says something in the group that the caller works for: at once, or when its turn comes. */
  say(emit: () => void): void {
    const group = this.current.getStore()
    const isWaiting = group !== undefined && this.groups.indexOf(group) > 0
    if (isWaiting) group.waiting.push(emit)
    else emit()
  }

  private open(group: Group): void {
    this.output.start(group.title)
    for (const emit of group.waiting.splice(0)) emit()
    this.timer ??= setInterval(() => this.sayWhatIsWaitedFor(), this.patience).unref()
  }

  private closeEnded(): void {
    for (let first = this.groups[0]; first?.ending !== undefined; first = this.groups[0]) {
      this.output.line(first.ending)
      this.output.end()
      this.groups.shift()
      const [next] = this.groups
      if (next !== undefined) this.open(next)
    }
    if (this.groups.length > 0) return
    clearInterval(this.timer)
    this.timer = undefined
  }

  private sayWhatIsWaitedFor(): void {
    const open = this.groups.filter(({ ending }) => ending === undefined)
    const shown = open.slice(0, SHOWN).map((group) => `${group.title} (${elapsed(group)})`)
    const rest = open.length - shown.length
    this.output.line(`waiting for: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`)
  }
}

function elapsed({ begin }: Group): string {
  return `${((performance.now() - begin) / 1000).toFixed(1)} s`
}
