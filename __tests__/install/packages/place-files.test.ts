import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { filesIn } from '../../../src/install/packages/place-files'
import { codeOf } from '../../support/failure'
import { temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()

function tree(): string {
  const root = folder()
  mkdirSync(join(root, 'usr/libexec/finch'), { recursive: true })
  mkdirSync(join(root, 'empty'))
  for (const path of ['usr/libexec/finch/nerdctl', 'usr/a', 'b']) writeFileSync(join(root, path), '')
  return root
}

test('lists the files of a package by their paths', () => {
  expect(filesIn(tree()).sort()).toEqual(['b', 'usr/a', 'usr/libexec/finch/nerdctl'])
})

test.each(['link', 'a name with blanks'])('refuses what is no plain file: %s', async (name) => {
  const root = tree()
  if (name === 'link') symlinkSync('/etc', join(root, 'usr/link'))
  else writeFileSync(join(root, 'usr', name), '')
  expect(await codeOf(() => filesIn(root))).toBe('package-refused')
})
