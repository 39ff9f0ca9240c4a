import { ActionError, type ErrorText } from './action-error'

/** A compose file that cannot be used as it is (`compose-invalid`). */
export function composeInvalid(text: Omit<ErrorText, 'title'>): ActionError {
  return new ActionError('compose-invalid', { title: 'The compose file cannot be used', ...text })
}
