/**
 * The forge that the job runs on: GitHub, or another server that speaks its language.
 */

export interface Forge {
  /** Base of its API, such as `https://api.github.com`. */
  readonly api: string
  /** Base of its pages and downloads, such as `https://github.com`. */
  readonly server: string
  /** It names workflows in its tokens as GitHub does; Forgejo and Gitea do not. */
  readonly isGithub: boolean
}

/** The forge that everybody can reach. */
export const GITHUB: Forge = { api: 'https://api.github.com', server: 'https://github.com', isGithub: true }

/** The forge that the runner names; GitHub where it names none. */
export function readForge(environment: NodeJS.ProcessEnv): Forge {
  return {
    api: base(environment.GITHUB_API_URL) ?? GITHUB.api,
    server: base(environment.GITHUB_SERVER_URL) ?? GITHUB.server,
    isGithub: !environment.GITEA_ACTIONS && !environment.FORGEJO_ACTIONS,
  }
}

function base(text: string | undefined): string | undefined {
  return text !== undefined && URL.canParse(text) ? text.replace(/\/+$/, '') : undefined
}
