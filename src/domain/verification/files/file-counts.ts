/** What became of the files that the input `files` matches; each is in one of the counts but `matched`. */
export interface FileCounts {
  readonly matched: number
  /** Read, and they name images. */
  readonly naming: number
  /** Read, and they are of a kind that could name images and name none. */
  readonly silent: number
  /** Nothing in them could name an image. */
  readonly passedOver: number
  /** With `changed-only`: neither they nor what they are read from is changed. */
  readonly unchanged: number
  /** Folders and symbolic links that were not looked into. */
  readonly notEntered: readonly string[]
}
