import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { Lull } from '../../../../src/commands/sign/signature/confirmation-gate'

beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  jest.useRealTimers()
})

/** Whoever waits, and who of them has gone on. */
function waiting() {
  const lull = new Lull()
  const gone: number[] = []
  const wait = (name: number): Promise<unknown> => lull.wait().then(() => gone.push(name))
  const settled = () => jest.advanceTimersByTimeAsync(0)
  return { lull, gone, wait, settled }
}

describe('whoever waits goes on', () => {
  test('together when the last work has ended and no more will come', async () => {
    const { lull, gone, wait, settled } = waiting()
    let end = (): void => undefined
    const work = lull.during(() => new Promise<void>((resolve) => (end = resolve)))
    wait(1)
    wait(2)
    lull.close()
    await settled()
    expect(gone).toEqual([])
    end()
    await work
    await settled()
    expect(gone).toEqual([1, 2])
  })

  test('not yet when all work has ended and more may come, but after a second: it may hold what others need', async () => {
    const { gone, wait } = waiting()
    wait(1)
    await jest.advanceTimersByTimeAsync(600)
    wait(2)
    await jest.advanceTimersByTimeAsync(390)
    expect(gone).toEqual([])
    await jest.advanceTimersByTimeAsync(20)
    expect(gone).toEqual([1, 2])
    wait(3)
    await jest.advanceTimersByTimeAsync(1010)
    expect(gone).toEqual([1, 2, 3])
  })

  test('when twenty wait', async () => {
    const { gone, wait, settled } = waiting()
    for (let name = 1; name < 20; name++) wait(name)
    await settled()
    expect(gone).toEqual([])
    wait(20)
    await settled()
    expect(gone).toHaveLength(20)
  })

  test('at once when it is over', async () => {
    const { lull, gone, wait, settled } = waiting()
    lull.close()
    wait(1)
    await settled()
    expect(gone).toEqual([1])
  })

  test('when the last work has failed', async () => {
    const { lull, gone, wait, settled } = waiting()
    wait(1)
    lull.close()
    await lull.during(() => Promise.reject(new Error('no'))).catch(() => undefined)
    await settled()
    expect(gone).toEqual([1])
  })
})
