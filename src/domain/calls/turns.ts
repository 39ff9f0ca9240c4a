/** Work under one name is done one after the other, in the order in which it was asked for. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>()

  /** Does the work when all before it under this name has ended, whichever way. */
  take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(name) ?? Promise.resolve()
    const turn = before.then(work, work)
    this.last.set(name, turn)
    return turn
  }
}
