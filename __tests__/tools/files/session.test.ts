import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import * as v from 'valibot'
import { removeSession, Session, sweepSessions } from '../../../src/tools/files/session'
import { codeOf } from '../../support/failure'
import { temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)
const deadProcess = (): number => spawnSync('true').pid

describe('a session', () => {
  test('can be entered and read by its user alone', () => {
    const session = Session.create(folder(), process.pid)
    session.write('trusted-root.json', '{}')
    expect([mode(session.folder), mode(session.dockerConfig)]).toEqual(['700', '700'])
    expect([mode(join(session.folder, 'session.json')), mode(session.emptyTrustedRoot)]).toEqual(['600', '600'])
  })

  test('hands over what it was told', () => {
    const first = Session.create(folder(), process.pid)
    const tools = { finch: { path: '/f', version: '1.18.0' }, cosign: { path: '/c', version: '3.0.5' } }
    first.update({ tools })
    first.update({ keys: [{ pem: 'p', fingerprint: 'f', algorithm: { type: 'rsa', bits: 2048 } }] })
    expect(Session.open(first.folder).state).toMatchObject({ owner: process.pid, tools, keys: [{ fingerprint: 'f' }] })
  })

  test('is another folder each time', () => {
    const temporary = folder()
    expect(Session.create(temporary, 1).folder).not.toBe(Session.create(temporary, 1).folder)
  })

  test.each([
    ['no folder', () => ''],
    ['a folder that is gone', () => '/nonexistent'],
    ['a folder without state', folder],
    [
      'broken state',
      () => {
        const here = folder()
        writeFileSync(join(here, 'session.json'), '{')
        return here
      },
    ],
  ])('cannot be opened from %s', async (_what, make) => {
    expect(await codeOf(() => Session.open(make()))).toBe('session-missing')
  })
})

describe('removing', () => {
  test('takes the whole folder, once', () => {
    const temporary = folder()
    const { folder: own } = Session.create(temporary, process.pid)
    expect([removeSession(own, temporary), existsSync(own), removeSession(own, temporary)]).toEqual([
      true,
      false,
      false,
    ])
  })

  test('works with a slash behind the temporary folder', () => {
    const temporary = folder()
    expect(removeSession(Session.create(temporary, 1).folder, `${temporary}/`)).toBe(true)
  })

  test.each(['other-folder', 'finch-signing-a/inner', 'finch-signing-a/..', '.', ''])(
    'leaves foreign folders alone: %j',
    (name) => {
      const temporary = folder()
      mkdirSync(join(temporary, 'finch-signing-a', 'inner'), { recursive: true })
      mkdirSync(join(temporary, 'other-folder'))
      expect(removeSession(name === '' ? '' : `${temporary}/${name}`, temporary)).toBe(false)
      expect(existsSync(join(temporary, 'finch-signing-a', 'inner'))).toBe(true)
      expect(existsSync(join(temporary, 'other-folder'))).toBe(true)
    },
  )

  test('leaves a session of another temporary folder alone', () => {
    const { folder: own } = Session.create(folder(), process.pid)
    expect([removeSession(own, folder()), existsSync(own)]).toEqual([false, true])
  })
})

describe('sweeping', () => {
  test('takes the sessions of dead owners and never those of live ones', () => {
    const temporary = folder()
    const dead = Session.create(temporary, deadProcess()).folder
    const live = Session.create(temporary, process.pid).folder
    mkdirSync(join(temporary, 'finch-other'))
    expect(sweepSessions(temporary)).toEqual([dead])
    expect([existsSync(live), existsSync(join(temporary, 'finch-other'))]).toEqual([true, true])
  })

  test('takes the session of a process whose number another one has now', () => {
    if (process.platform !== 'linux') return
    const temporary = folder()
    const session = Session.create(temporary, process.pid)
    expect(session.state.started).toMatch(/^\d+$/)
    session.update({ started: '1' })
    expect(sweepSessions(temporary)).toEqual([session.folder])
  })

  test('leaves one alone whose owner runs, where it was not noted since when', () => {
    const temporary = folder()
    Session.create(temporary, process.pid).update({ started: '' })
    expect(sweepSessions(temporary)).toEqual([])
  })

  test('takes folders without state only when they are a day old', () => {
    const temporary = folder()
    const [fresh, old] = ['finch-signing-fresh', 'finch-signing-old'].map((name) => join(temporary, name))
    for (const path of [fresh, old]) mkdirSync(path ?? '')
    const yesterday = Date.now() / 1000 - 25 * 60 * 60
    utimesSync(old ?? '', yesterday, yesterday)
    expect(sweepSessions(temporary)).toEqual([old])
  })

  test('does not fail where root has left files that this user cannot remove', () => {
    const temporary = folder()
    const { folder: own } = Session.create(temporary, deadProcess())
    if (process.getuid?.() !== 0) return
    chmodSync(temporary, 0o755)
    chmodSync(own, 0o755)
    chmodSync(join(own, 'session.json'), 0o644)
    process.seteuid?.(65534)
    try {
      expect(sweepSessions(temporary)).toEqual([])
    } finally {
      process.seteuid?.(0)
    }
    expect(existsSync(own)).toBe(true)
  })
})

test('a file of an earlier step is read by a schema, and what does not fit it is an error', () => {
  const session = Session.create(folder(), process.pid)
  const schema = v.strictObject({ count: v.number() })
  session.write('plan.json', '{"count":2}')
  expect(session.readAs(schema, 'plan.json')).toEqual({ count: 2 })
  for (const text of ['{"count":"2"}', '{"count":2,"more":1}', '{', ''])
    expect(() => {
      session.write('plan.json', text)
      session.readAs(schema, 'plan.json')
    }).toThrow('plan.json')
  expect(() => session.readAs(schema, 'missing.json')).toThrow('not there')
})
