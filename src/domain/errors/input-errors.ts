/**
 * The errors of inputs. What they have in common stands here, so that a title is written once and each is found under
 * one entry of docs/troubleshooting.md.
 */
import { ActionError, type ErrorText } from './action-error'

type InputText = Omit<ErrorText, 'title'>

/** Inputs that cannot be used together (`input-combination`). */
export function inputsConflict(text: InputText): ActionError {
  return new ActionError('input-combination', { title: 'These inputs do not go together', ...text })
}

/** An input that says something about another one, which was not given (`input-combination`). */
export function inputNeeds(input: string, other: string): ActionError {
  return inputsConflict({
    what: `The input "${input}" was given without "${other}", and has no meaning alone.`,
    hint: `Give "${other}" too, or leave out "${input}".`,
  })
}

/** An input without which there is nothing to do (`input-missing`). */
export function inputMissing(input: string, text: InputText): ActionError {
  return new ActionError('input-missing', { title: `Input "${input}" is missing`, ...text })
}

/** An input that cannot be read (`input-invalid`). */
export function inputInvalid(input: string, text: InputText, options?: { cause?: unknown }): ActionError {
  return new ActionError('input-invalid', { title: `Input "${input}" is not valid`, ...text }, options)
}
