/** How long somebody waits at most, in milliseconds: what others wait for may be held by whoever waits here. */
const LONGEST = 1000
/** So many go on in one go; more would not save anything. */
const TOGETHER = 20

/**
 * Lets what comes after many pieces of work be done in one go: whoever waits goes on when nothing more is under way and
 * nothing more will come, when many wait, or after a second.
 */
export class Lull {
  private underWay = 0
  private isLast = false
  private waiting: (() => void)[] = []
  private timer: NodeJS.Timeout | undefined

  /** Does a piece of work that others wait for. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.underWay++
    try {
      return await work()
    } finally {
      this.underWay--
      this.look()
    }
  }

  /** Waits until it is time to go on. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve)
      this.timer ??= setTimeout(() => this.goOn(), LONGEST)
      this.look()
    })
  }

  /** Nothing more will come than what is under way already. */
  close(): void {
    this.isLast = true
    this.look()
  }

  private look(): void {
    if ((this.isLast && this.underWay === 0) || this.waiting.length >= TOGETHER) this.goOn()
  }

  private goOn(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    for (const resolve of this.waiting.splice(0)) resolve()
  }
}
