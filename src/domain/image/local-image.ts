import { ActionError } from '../errors/action-error'
import { isDigest, parseReference } from './reference'

const SHORT_ID = /^(?:sha256:)?[0-9a-f]{6,64}$/

/** True for what may be an id, whole or shortened; a repository may have such a name, too. */
export function mayBeId(text: string): boolean {
  return SHORT_ID.test(text) || isDigest(text)
}

/**
 * Checks the name of an image in Finch's local store: a reference, or an id as `finch images` prints it.
 * Returns it unchanged. Throws an ActionError for anything else, such as text that could be taken for an option.
 */
export function checkLocalImage(text: string): string {
  if (mayBeId(text)) return text
  try {
    parseReference(text)
  } catch (cause) {
    throw new ActionError(
      'reference-invalid',
      {
        title: 'Input "image" is not an image',
        what: `"${text}" is neither an image reference nor an image id.`,
        hint: 'Give the name that the image was built or loaded under, as `finch images` shows it.',
      },
      { cause },
    )
  }
  return text
}
