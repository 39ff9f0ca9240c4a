/**
 * What the reader is asked and what it answers. The parsers of the tools decide what a file names; these types only carry it.
 */
import * as v from 'valibot'

/**
 * What a file is read as. `auto`: by its content, its name being a hint only; a file that two tools would take (a Pod in
 * `compose-web.yaml`) is read as both. `compose` gives the services and does not look into what they build. Anything else reads it as just that kind.
 */
export type ReadAs = 'auto' | 'dockerfile' | 'compose' | 'kubernetes' | 'workflow' | 'bake'

export interface ReadRequest {
  /** The folder of the bundle that holds the parsers, `reader` in dist/. */
  readonly parsers: string
  /** The workspace: absolute, without symbolic links. Nothing outside of it is read. */
  readonly workspace: string
  readonly files: readonly RequestedFile[]
  /** The job's variables, all of them, for compose and bake files. Their values stand in an answer only as parts of names. */
  readonly environment: Readonly<Record<string, string>>
}

export interface RequestedFile {
  /** Relative to the workspace, with `/` between its parts. */
  readonly path: string
  readonly as: ReadAs
}

export interface ReadLimits {
  /** Milliseconds for one file; a file that takes longer is `invalid`. */
  readonly fileTime: number
  /** Milliseconds for all files of a request. */
  readonly totalTime: number
  /** Files of one request. */
  readonly files: number
  /** Bytes of all requested files together. */
  readonly bytes: number
}

export const READ_LIMITS: ReadLimits = { fileTime: 20_000, totalTime: 240_000, files: 10_000, bytes: 50_000_000 }

/** What a file turned out to be. `other`: nothing in it could name an image. */
const FILE_KINDS = [
  'dockerfile',
  'compose',
  'kubernetes',
  'kustomization',
  'helm-chart',
  'helm-values',
  'workflow',
  'action',
  'bake',
  'hcl',
  'devcontainer',
  'template',
  'other',
] as const

/** Where in its kind of file an image is named. */
const IMAGE_USES = [
  'dockerfile-from',
  'dockerfile-copy',
  'dockerfile-mount',
  /** `# syntax=`: the image that reads the Dockerfile; it runs during the build. */
  'dockerfile-syntax',
  'compose-service',
  /** A service with `image` and `build`: the name that the build's result gets, and what is pulled where it exists. */
  'compose-build',
  'compose-context',
  'compose-cache',
  'compose-volume',
  'compose-hook',
  'kubernetes-container',
  'kubernetes-volume',
  /** `image` in a custom resource. */
  'kubernetes-other',
  /** A value that a patch sets. */
  'kubernetes-patch',
  'kustomization',
  'helm-chart',
  'helm-values',
  'workflow-container',
  'workflow-service',
  'workflow-step',
  'action-image',
  'bake-context',
  'bake-cache',
  'hcl-image',
  'devcontainer-image',
] as const

export const kindSchema = v.picklist(FILE_KINDS)

export const imageSchema = v.strictObject({
  /** The reference as the tool would use it, variables filled in. It is what the tool takes for a name: it may not parse. */
  name: v.string(),
  /** The file in which it stands; with `extends`, `include`, a base or a chart it may be another one than the requested. */
  file: v.string(),
  /** From 1; 1 also where the line is not known. */
  line: v.number(),
  use: v.picklist(IMAGE_USES),
  /** The platforms of a build for which this name comes out (`linux/arm64`); empty where it does not depend on the platform. */
  platforms: v.array(v.string()),
})

export const problemSchema = v.strictObject({
  /** What stands in the file, shortened; never the value of a variable. */
  text: v.string(),
  file: v.string(),
  line: v.number(),
  /** A sentence without its full stop. */
  why: v.string(),
  /** `template`: something fills it in later (`allow-unresolved` is made for these). `invalid`: the tool would refuse it, or tools disagree about it. */
  cause: v.picklist(['template', 'invalid']),
})

export const serviceSchema = v.strictObject({
  name: v.string(),
  /** As compose has it, variables filled in; empty where the service names none. */
  image: v.string(),
  hasBuild: v.boolean(),
  /** Made by another program (`provider:`): nothing of it is pulled. */
  hasProvider: v.boolean(),
  profiles: v.array(v.string()),
  file: v.string(),
  line: v.number(),
  /** The keys `x-nerdctl-…` of the service, as they stand there, with what is not text as JSON in `notText`. */
  nerdctl: v.array(
    v.strictObject({ key: v.string(), value: v.string(), isText: v.boolean(), file: v.string(), line: v.number() }),
  ),
})

const fileAnswer = v.strictObject({
  /** As requested. */
  path: v.string(),
  kind: kindSchema,
  images: v.array(imageSchema),
  problems: v.array(problemSchema),
  /** A parser died of it or took too long: what that one would see is not known, and a problem says so. */
  died: v.boolean(),
  /** Only with `compose`: the services of the project. One with `hasBuild` and no image is built where it runs. */
  services: v.array(serviceSchema),
  /**
   * Every file of the workspace that the meaning of this one was read from, itself included, sorted; and those that were
   * looked for and are not there, since one that appears changes the meaning too.
   */
  read: v.array(v.string()),
})

/** One entry for each requested file, in the order of the request. */
export const answerSchema = v.strictObject({ files: v.array(fileAnswer) })

export type FileKind = v.InferOutput<typeof kindSchema>
export type Answer = v.InferOutput<typeof answerSchema>
export type FileAnswer = v.InferOutput<typeof fileAnswer>
