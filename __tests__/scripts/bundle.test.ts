import { spawnSync } from 'node:child_process'
import { basename, join, resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import {
  chunksOfStep,
  DIST,
  ENTRY,
  filesAtStart,
  modulesOf,
  readBundle,
  STEPS,
  sizeAtStart,
} from '../../scripts/dev/lib/bundle-files'
import { temporaryFolders } from '../support/temporary'

const folder = temporaryFolders()
const files = readBundle(DIST)
const LISTER = resolve(import.meta.dirname, '../support/list-modules.mjs')

/** What makes a part of the bundle known: texts that stand in it and nowhere else. */
const PARTS = {
  'the AWS SDK': /AmazonEC2ContainerRegistry_V20150921|@aws-sdk\/client-ecr/,
  'the HTTP client': /llhttp|class ProxyAgent|EnvHttpProxyAgent/,
  OpenPGP: /-----BEGIN PGP/,
}

/** The files of the bundle that a step has loaded when it has ended; it runs without a session. */
function loadedBy(step: string): string[] {
  const env = { PATH: folder(), RUNNER_TEMP: folder(), SESSION: '', INPUT_FINCH_VERSION: 'system' }
  const args = ['--import', LISTER, join(DIST, ENTRY), step]
  const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env })
  const loaded = [...stderr.matchAll(/^loaded (file:\S+)$/gm)].map(([, url = '']) => basename(url))
  return loaded.filter((name) => files.has(name))
}

describe('the bundle', () => {
  test('is small where every step has to load it', () => {
    expect(sizeAtStart(files)).toBeLessThanOrEqual(1_500_000)
    expect(filesAtStart(files).size).toBeGreaterThan(7)
  })

  test.each(Object.entries(PARTS))('holds %s, but not for the start of a step', (_, pattern) => {
    const holding = modulesOf(files).filter((name) => pattern.test(files.get(name)?.toString() ?? ''))
    expect(holding).not.toEqual([])
    const atStart = filesAtStart(files)
    expect(holding.filter((name) => atStart.has(name))).toEqual([])
  })

  test('has no client for tokens at the start of a step: only keyless signing asks for one', () => {
    const text = [...filesAtStart(files)].map((name) => files.get(name)?.toString() ?? '').join('')
    expect(text).toMatch(/GITHUB_STEP_SUMMARY/)
    expect(text).not.toMatch(/Unable to get ACTIONS_ID_TOKEN/)
  })

  test.each(STEPS)('step %s loads only what it has said', (step) => {
    const loaded = loadedBy(step)
    expect(loaded).toContain(ENTRY)
    const own = chunksOfStep(files, step)
    expect(own.length).toBeGreaterThan(0)
    const expected = new Set([ENTRY, ...own])
    expect(loaded.filter((name) => !expected.has(name))).toEqual([])
  })
})
