import { ActionError } from '../../domain/errors/action-error'
import type { Session } from '../../tools/files/session'

/** The path of a tool that the step "Install tools" has found. Throws `session-missing` where it was not to look for it. */
export function openTool(session: Session, name: 'finch' | 'cosign'): string {
  const tool = session.state.tools?.[name]
  if (tool === undefined) throw new ActionError('session-missing', noTools)
  return tool.path
}

const noTools = {
  title: 'An earlier step has left nothing behind',
  what: 'The step "Install tools" has not said where the tools are that this step calls.',
  hint: 'Run the whole action; its steps cannot be run alone.',
}
