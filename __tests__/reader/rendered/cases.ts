/** Folders with what a tool makes of them: the images that it would run, and what stays open. */
export interface RenderedCase {
  /** Path in the case's folder → text. */
  readonly files: Readonly<Record<string, string>>
  /** The file that is asked about. */
  readonly asked: string
  /** All images, sorted. */
  readonly images: readonly string[]
  /** Parts of why something is open or refused, with the cause. */
  readonly problems?: readonly (readonly [cause: 'template' | 'invalid', why: RegExp])[]
  /** An image with the file and line that it is reported in. */
  readonly place?: readonly [image: string, file: string, line: number]
}

export const EVIL = 'evil.example/app:1'
export const SIGNED = 'ghcr.io/team/app:1'

/** A Pod whose container has an image. */
export function pod(image: string, name = 'a'): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n  containers:\n  - name: a\n    image: ${image}\n`
}
