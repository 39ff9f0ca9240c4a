/**
 * Jest's environment of the end-to-end tests. Their names say which Finch they ran with. When one fails, the last logs of
 * actions that it has run are printed: what fails once in a hundred runs, is then understood from that one.
 */
import type { Circus } from '@jest/types'
import { TestEnvironment } from 'jest-environment-node'
import { NAME_FINCH, type NameFinch } from '../../bed/machine/finch'
import { KEEP_LOG, type KeepLog } from './kept-logs'

/** Characters from the end of each log, and the number of logs: CI shows no more than the end of what is long. */
const SHOWN = 2500
const LOGS = 2

export default class LogsOfFailedTests extends TestEnvironment {
  private logs: string[] = []
  private readonly finches = new Set<string>()
  private isNamed = false

  override async setup(): Promise<void> {
    await super.setup()
    const keep: KeepLog = (action, log) => this.logs.push(`--- log of ${action} ---\n${log.slice(-SHOWN)}`)
    const name: NameFinch = (description) => this.finches.add(description)
    Object.assign(this.global, { [KEEP_LOG]: keep, [NAME_FINCH]: name })
  }

  handleTestEvent(event: Circus.Event, state: Circus.State): void {
    if (event.name === 'test_start' && !this.isNamed) this.nameFinch(state.rootDescribeBlock)
    if (event.name === 'test_start') this.logs = []
    if (event.name !== 'test_fn_failure' && event.name !== 'hook_failure') return
    const where = event.name === 'test_fn_failure' ? event.test.name : event.hook.type
    if (this.logs.length > 0)
      process.stderr.write(`Before the failure of "${where}":\n${this.logs.slice(-LOGS).join('\n')}\n`)
    this.logs = []
  }

  /** The bed is up when the first test starts. */
  private nameFinch({ children }: Circus.DescribeBlock): void {
    this.isNamed = true
    if (this.finches.size === 0) return
    const suffix = `, with ${[...this.finches].join(' and ')}`
    for (const child of children) Object.assign(child, { name: `${child.name}${suffix}` })
  }
}
