import { Document, type YAMLMap } from 'yaml'
import { sha256 } from '../files/sha256'
import { repositoryOf } from '../image/reference'
import type { Subject } from '../verification/subject'
import type { JudgedImage } from '../verification/verdict'

export interface ComposeOverride {
  readonly name: string
  readonly text: string
}

/**
 * A compose file that pins every service to the digest that was looked at. Undefined where there are no services, or
 * where one of them may not run: half an override would let the others run what their tags point to.
 * @param verdicts one for each subject, in the same order
 */
export function composeOverride(
  subjects: readonly Subject[],
  verdicts: readonly JudgedImage[],
): ComposeOverride | undefined {
  const document = new Document({ services: {} })
  for (const [index, subject] of subjects.entries()) {
    if (subject.services.length === 0) continue
    const verdict = verdicts[index]
    if (verdict === undefined || !mayRun(verdict)) return undefined
    const image = `${repositoryOf(subject.reference)}@${verdict.image.digest}`
    for (const service of subject.services) document.setIn(['services', service], pin(document, image))
  }
  if (subjects.every(({ services }) => services.length === 0)) return undefined
  const text = document.toString()
  const hash = sha256(text).slice(0, 16)
  return { name: `compose-override-${hash}.yaml`, text }
}

/**
 * A service with a build: would be built where its image is not there, or where pull_policy: build says so, and the result
 * would get the name of the verified image. Finch would also verify the digest once more, by rules of its own: with paths
 * of keys from the current folder, and never without the public log.
 */
function pin(document: Document, image: string): YAMLMap {
  const build = document.createNode(null)
  build.tag = '!reset'
  return document.createNode({ image, build, pull_policy: 'missing', 'x-nerdctl-verify': 'none' }) as YAMLMap
}

function mayRun({ image, mode }: JudgedImage): boolean {
  return image.digest !== '' && (image.result === 'passed' || (image.result === 'failed' && mode === 'warn'))
}
