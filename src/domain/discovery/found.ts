/**
 * What reading a file for images yields, and the limits that hold for every kind of file.
 */
import { ActionError } from '../errors/action-error'
import { parseReference } from '../image/reference'

/** Where in its kind of file an image is named. */
export type ImageUse =
  | 'dockerfile-from'
  | 'dockerfile-copy'
  | 'dockerfile-mount'
  /** `# syntax=`: the image that reads the Dockerfile; it runs during the build. */
  | 'dockerfile-syntax'
  | 'compose-service'
  /** A service with `image:` and `build:`: the name that the build's result gets. */
  | 'compose-build'
  /** `additional_contexts: x: docker-image://…` of a build. */
  | 'compose-context'
  | 'compose-volume'
  | 'kubernetes-container'
  | 'kubernetes-volume'
  | 'workflow-container'
  | 'workflow-service'
  | 'workflow-step'
  | 'action-image'

/** A line of a file; both numbers begin at 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

export interface FoundImage {
  /** The reference as the tools will see it, variables filled in; it parses. */
  readonly name: string
  readonly file: string
  readonly line: number
  readonly column: number
  readonly kind: ImageUse
}

export interface Unresolved {
  /** What stands in the file, shortened. */
  readonly text: string
  readonly file: string
  readonly line: number
  readonly why: string
  /**
   * `template`: it may name an image later on; `allow-unresolved` is made for these.
   * `invalid`: it is a mistake in the file and should fail in any case.
   */
  readonly cause: 'template' | 'invalid'
}

/** Characters; checked also in bytes before a file is read. */
export const MAXIMUM_FILE_SIZE = 5 * 1024 * 1024
/** References, resolved or not, in one file and in one run. */
export const MAXIMUM_REFERENCES = 2000
/** Longer than any reference; what is longer is not looked at any more. */
export const MAXIMUM_TEXT = 4096
const SHOWN = 120
const TEMPLATE = /\{\{|\{%|<%|\$\{|\$\(|\$[A-Za-z_]|^<.*>$|__[A-Z_]+__|@[A-Z_]+@|%[A-Z_]+%/

/** True for text that some tool is to replace before the file is used: Helm, envsubst, Kustomize, Jinja, … */
export function isTemplate(text: string): boolean {
  return TEMPLATE.test(text.slice(0, MAXIMUM_TEXT))
}

/** Collects what one file names. Throws an ActionError (`file-refused`) when it is more than anybody writes. */
export class Findings {
  readonly images: FoundImage[] = []
  readonly unresolved: Unresolved[] = []

  constructor(readonly file: string) {}

  /** Notes `text` as an image where it is a reference, else as unresolved. */
  image(text: string, at: Position, kind: ImageUse): void {
    if (isTemplate(text)) {
      this.open(text, at, 'it is a template that some tool fills in later', 'template')
      return
    }
    try {
      parseReference(text)
    } catch (error) {
      if (!(error instanceof ActionError)) throw error
      this.open(text, at, error.message, 'invalid')
      return
    }
    this.refuseMore()
    this.images.push({ name: text, file: this.file, line: at.line, column: at.column, kind })
  }

  open(text: string, at: Pick<Position, 'line'>, why: string, cause: Unresolved['cause']): void {
    this.refuseMore()
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
    this.unresolved.push({ text: shown, file: this.file, line: at.line, why, cause })
  }

  private refuseMore(): void {
    if (this.images.length + this.unresolved.length < MAXIMUM_REFERENCES) return
    throw refused(this.file, `it names more than ${MAXIMUM_REFERENCES} images`)
  }
}

/** The error for a file that is not read to its end, since that would take without measure. */
export function refused(file: string, why: string): ActionError {
  return new ActionError('file-refused', {
    title: 'A file is too much to read',
    what: `${file} is not read: ${why}.`,
    why: 'Files come from pull requests too, and none may keep the job busy without end.',
    hint: 'Leave the file out with a pattern that begins with !, or split it.',
  })
}

/** Throws an ActionError (`file-refused`) when `text` is longer than `limit` characters. */
export function refuseLongText(file: string, text: string, limit = MAXIMUM_FILE_SIZE): void {
  if (text.length > limit) throw refused(file, `it is larger than ${limit / 1024 / 1024} MB`)
}
