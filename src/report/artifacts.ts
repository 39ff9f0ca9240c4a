/**
 * What a job has published, declared for later steps such as `actions/attest` in the file that GitHub's runner offers
 * for it (`$GITHUB_ARTIFACTS`). A name may have one digest in a job: a second one fails the step that declares it.
 */
import * as v from 'valibot'
import type { PublishedImage } from '../domain/verification/result'

/** Artifacts that a runner takes of one job. */
const LIMIT = 500

const declaredList = v.object({ subjects: v.array(v.object({ name: v.string(), digest: v.string() })) })

type Artifact = Pick<PublishedImage, 'repository' | 'digest' | 'tags'>

/**
 * The lines for the file. An image is declared under its repository or, where that name stands for another digest
 * already, under its first tag that is free; where there is none it is left out.
 * @param list what earlier steps have declared: the text of `$GITHUB_ARTIFACTS_LIST`, or nothing
 */
export function artifactLines(images: readonly Artifact[], list: string): string[] {
  const taken = readDeclared(list)
  return images.flatMap(({ repository, digest, tags }) => {
    const names = [repository, ...tags.map((tag) => `${repository}:${tag}`)]
    const name = names.find((one) => (taken.get(one) ?? digest) === digest)
    if (name === undefined || taken.get(name) === digest || taken.size >= LIMIT) return []
    taken.set(name, digest)
    return [`oci://${name}@${digest}`]
  })
}

function readDeclared(list: string): Map<string, string> {
  try {
    const { subjects } = v.parse(declaredList, JSON.parse(list))
    return new Map(subjects.map(({ name, digest }) => [name, digest]))
  } catch {
    return new Map()
  }
}
