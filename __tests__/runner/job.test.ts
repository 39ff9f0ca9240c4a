// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of actions and shell variables
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { isAlive, until, useScratch } from './fixture'
import { runAction } from './run-action'

const scratch = useScratch()

describe('RUNNER_TEMP', () => {
  test('is emptied before and after; what is left can be looked at in between', async () => {
    const temp = await scratch.folder()
    await writeFile(path.join(temp, 'old'), 'x')
    let left: string[] = []
    let content = ''
    const run = await scratch.run(
      { steps: ['ls -A "$RUNNER_TEMP" | grep -c old || true; echo new > "$RUNNER_TEMP/left"'] },
      {
        temp,
        beforeWipe: async (info) => {
          left = info.leftovers
          content = await readFile(path.join(info.temp, 'left'), 'utf8')
        },
      },
    )
    expect([run.rawLog, left, content]).toEqual(['0\n', ['left'], 'new\n'])
    await expect(readFile(path.join(temp, 'left'))).rejects.toThrow('ENOENT')
  })

  test('is left alone with keepTemp, and never one that cannot be meant', async () => {
    const temp = await scratch.folder()
    await writeFile(path.join(temp, 'old'), 'x')
    const run = await scratch.run({ steps: ['ls "$RUNNER_TEMP/old"'] }, { temp, keepTemp: true })
    expect(run.conclusion).toBe('success')
    expect(await readFile(path.join(temp, 'old'), 'utf8')).toBe('x')
    await expect(scratch.run({ steps: ['true'] }, { temp: '/tmp' })).rejects.toThrow('cannot be RUNNER_TEMP')
  })

  test('a hook that throws fails the run, after the wipe', async () => {
    const temp = await scratch.folder()
    const beforeWipe = (): void => {
      throw new Error('left over')
    }
    await expect(scratch.run({ steps: ['touch "$RUNNER_TEMP/x"'] }, { temp, beforeWipe })).rejects.toThrow('left over')
    await expect(readFile(path.join(temp, 'x'))).rejects.toThrow('ENOENT')
  })
})

describe('the end', () => {
  test('finds and kills processes that outlive their step', async () => {
    const during: boolean[] = []
    const run = await scratch.run(
      { steps: [{ id: 'leaver', run: 'sleep 61 > /dev/null 2>&1 & sleep 0.01' }, 'echo on'] },
      { beforeWipe: (info) => void during.push(...info.orphans.map(({ pid }) => isAlive(pid))) },
    )
    expect(run.orphans).toEqual([{ pid: expect.any(Number), cmdline: 'sleep 61', step: 'leaver' }])
    expect(during).toEqual([true])
    expect(run.log).toContain(`on\nTerminate orphan process: pid (${run.orphans[0]?.pid}) (sleep 61)\n`)
    await until(() => !isAlive(run.orphans[0]?.pid ?? 0))
  })

  test('does not wait for ever for a child that holds the output', async () => {
    const run = await scratch.run({ steps: ['sleep 61 & echo $!'] }, { graceMs: { streams: 50 } })
    expect(run.steps[0]?.outcome).toBe('success')
    expect(run.durationMs).toBeLessThan(30_000)
    expect(run.orphans.map((orphan) => orphan.pid)).toEqual([Number(run.rawLog)])
  })

  test('dispose removes what the runner made, and an error in the action file leaves nothing', async () => {
    const run = await scratch.run({ steps: ['touch "$RUNNER_TOOL_CACHE/tool" file'] })
    expect(await readFile(path.join(run.files.workspace, 'file'), 'utf8')).toBe('')
    await run.dispose()
    await expect(readFile(path.join(run.files.workspace, 'file'))).rejects.toThrow('ENOENT')
    let temp = ''
    const beforeWipe = (info: { temp: string }): void => {
      temp = info.temp
    }
    await expect(runAction({ action: '/nowhere', beforeWipe })).rejects.toThrow('neither action.yml nor action.yaml')
    await expect(readdir(temp)).rejects.toThrow('ENOENT')
  })
})

const asRoot = process.getuid?.() === 0 ? describe : describe.skip

asRoot('another user (as root)', () => {
  test.each([0o022, 0o077])('runs the steps and can use everything the runner has made (umask %i)', async (umask) => {
    const home = await scratch.folder()
    await chmod(home, 0o777)
    const action = await scratch.action({
      outputs: { who: '${{ steps.a.outputs.who }}' },
      steps: [
        {
          id: 'a',
          run: [
            'echo "who=$(id -u):$(id -g) $USER $HOME" >> "$GITHUB_OUTPUT"',
            'touch "$RUNNER_TEMP/t" "$RUNNER_TOOL_CACHE/c" w; mkdir "$RUNNER_TEMP/d"; cat "$GITHUB_EVENT_PATH"',
            'echo A=1 >> "$GITHUB_ENV"; echo ok >> "$GITHUB_STEP_SUMMARY"; rm "$GITHUB_STATE"',
          ].join('\n'),
        },
      ],
    })
    await chmod(path.dirname(action), 0o755)
    const given = await scratch.folder()
    const user = { uid: 65534, gid: 65534, home, name: 'nobody' }
    const before = process.umask(umask)
    const run = await runAction({ action, user, ...(umask === 0o022 ? { temp: given } : {}) })
    process.umask(before)
    expect(run.log).not.toContain('Permission denied')
    expect([run.conclusion, run.outputs.who, run.summary]).toEqual(['success', `65534:65534 nobody ${home}`, 'ok\n'])
    await run.dispose()
  })
})
