/**
 * As Promise.all, but an error is thrown only when all have come to their end, so that nothing goes on unwatched.
 */
export async function allOrFirstError<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work)
  return settled.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
}
