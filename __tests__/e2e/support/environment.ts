/**
 * Jest's environment of the end-to-end tests: when one fails, the last logs of actions that it has run are printed. What
 * fails once in a hundred runs, is then understood from that one.
 */
import type { Circus } from '@jest/types'
import { TestEnvironment } from 'jest-environment-node'
import { KEEP_LOG, type KeepLog } from './kept-logs'

/** Characters from the end of each log, and the number of logs: CI shows no more than the end of what is long. */
const SHOWN = 2500
const LOGS = 2

export default class LogsOfFailedTests extends TestEnvironment {
  private logs: string[] = []

  override async setup(): Promise<void> {
    await super.setup()
    const keep: KeepLog = (action, log) => this.logs.push(`--- log of ${action} ---\n${log.slice(-SHOWN)}`)
    Object.assign(this.global, { [KEEP_LOG]: keep })
  }

  handleTestEvent(event: Circus.Event): void {
    if (event.name === 'test_start') this.logs = []
    if (event.name !== 'test_fn_failure' && event.name !== 'hook_failure') return
    const where = event.name === 'test_fn_failure' ? event.test.name : event.hook.type
    if (this.logs.length > 0)
      process.stderr.write(`Before the failure of "${where}":\n${this.logs.slice(-LOGS).join('\n')}\n`)
    this.logs = []
  }
}
