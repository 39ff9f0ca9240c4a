/**
 * A process of its own for the tests of locks: `node --import tsx lock-holder.ts FOLDER NAME FILE MILLISECONDS`. It adds
 * `begin` and `end` to the file while it holds the lock.
 */
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { withDigestLock } from '../../src/tools/files/digest-lock'

const [folder = '', name = '', file = '', milliseconds = '0'] = process.argv.slice(2)
await withDigestLock(name, { folder, timeLimit: 60_000 }, async () => {
  appendFileSync(file, `begin ${process.pid}\n`)
  await sleep(Number(milliseconds))
  appendFileSync(file, `end ${process.pid}\n`)
})
