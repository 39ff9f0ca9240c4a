import { ActionError } from '../errors/action-error'

/** Bytes of one file. */
export const MAXIMUM_FILE_SIZE = 5 * 1024 * 1024

/** The error for a file that is not read to its end, since that would take without measure. */
export function refused(file: string, why: string): ActionError {
  return new ActionError('file-refused', {
    title: 'A file is too much to read',
    what: `${file} is not read: ${why}.`,
    why: 'Files come from pull requests too, and none may keep the job busy without end.',
    hint: 'Leave the file out with a pattern that begins with !, or split it.',
  })
}
