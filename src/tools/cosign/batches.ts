/**
 * Work that several can do in one go: what waits for a free place and belongs together is done by one call. A call that
 * does not fully succeed says nothing about any of its members; they are tried again in smaller calls, at last each alone.
 */

/** Does the work for several members at once; one result for each, in their order. Whatever it throws fails the call. */
export type WorkTogether<T, R> = (members: readonly T[]) => Promise<R[]>

export interface BatchLimits {
  /** Calls at once. */
  readonly places: number
  /** Members of one call. */
  readonly size: number
  /** So many share a call even when places stay free; default 1. */
  readonly least?: number
  /** Milliseconds that a member waits for others, though a place is free; default 0. */
  readonly patience?: number
}

interface Waiting<T, R> {
  readonly member: T
  readonly group: string
  /** With how many it may share a call. */
  readonly size: number
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
}

/** What a failed call's members share their next one with: a quarter of them. */
const SMALLER = 4

/**
 * Makes the function that queues one member. While places are free a member is worked on as soon as patience ends.
 * @param together for two or more members of one group; what it throws leads to smaller calls
 * @param alone for one; what it throws is the member's own failure
 * @param isHopeless for which failures smaller calls would be in vain
 */
export function inBatches<T, R>(
  limits: BatchLimits,
  together: WorkTogether<T, R>,
  alone: (member: T) => Promise<R>,
  isHopeless: (error: unknown) => boolean,
): (member: T, group: string) => Promise<R> {
  const { places, size, least = 1, patience = 0 } = limits
  const waiting: Waiting<T, R>[] = []
  let busy = 0
  let timer: NodeJS.Timeout | undefined
  const start = (): void => {
    timer = undefined
    while (busy < places && waiting.length > 0) {
      const batch = takeBatch(waiting, places - busy, least)
      busy++
      work(batch).finally(() => {
        busy--
        start()
      })
    }
  }
  const work = async (batch: readonly Waiting<T, R>[]): Promise<void> => {
    const [first] = batch
    if (first === undefined) return
    if (batch.length === 1) return alone(first.member).then(first.resolve, first.reject)
    try {
      const results = await together(batch.map(({ member }) => member))
      if (results.length !== batch.length) throw new Error('some results are missing')
      batch.forEach(({ resolve }, index) => {
        resolve(results[index] as R)
      })
    } catch (error) {
      if (isHopeless(error)) for (const { reject } of batch) reject(error)
      else waiting.unshift(...batch.map((one) => ({ ...one, size: Math.ceil(batch.length / SMALLER) })))
    }
  }
  return (member, group) =>
    new Promise((resolve, reject) => {
      waiting.push({ member, group, size, resolve, reject })
      if (patience === 0) start()
      else if (timer === undefined) timer = setTimeout(start, patience)
    })
}

/** Takes the first that waits, and of its group as many as leave something for each other free place. */
function takeBatch<T, R>(waiting: Waiting<T, R>[], free: number, least: number): Waiting<T, R>[] {
  const [first] = waiting
  if (first === undefined) return []
  const alike = waiting.filter(({ group, size }) => group === first.group && size === first.size)
  const batch = alike.slice(0, Math.min(first.size, Math.max(least, Math.ceil(alike.length / free))))
  for (const one of batch) waiting.splice(waiting.indexOf(one), 1)
  return batch
}
