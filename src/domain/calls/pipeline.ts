import { allOrFirstError } from './settle'

/** Two kinds of work on each of several items. */
export interface Stages<T, M, R> {
  /** Done for one item after the other. */
  readonly each: (item: T) => Promise<M>
  /** Done for each result, while the next items are worked on. */
  readonly meanwhile: (result: M) => Promise<R>
  /** Done when the last item has been through the first stage. */
  readonly afterwards: (results: readonly M[]) => Promise<void>
}

/**
 * Takes items through both stages; returns the results of the second in their order. After a failure nothing more is begun,
 * and the error is thrown when all that was begun has ended.
 */
export async function pipeline<T, M, R>(items: readonly T[], stages: Stages<T, M, R>): Promise<R[]> {
  const { each, meanwhile, afterwards } = stages
  const results: M[] = []
  const begun: Promise<R>[] = []
  let isFailing = false
  const begin = (result: M): void => {
    const work = meanwhile(result)
    work.catch(() => {
      isFailing = true
    })
    begun.push(work)
  }
  try {
    for (const item of items) {
      if (isFailing) break
      const result = await each(item)
      results.push(result)
      begin(result)
    }
    if (!isFailing) await afterwards(results)
  } catch (error) {
    await Promise.allSettled(begun)
    throw error
  }
  return allOrFirstError(begun)
}
