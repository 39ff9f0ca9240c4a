/**
 * The forge that the job runs on: GitHub, or another server that speaks its language.
 */

export interface Forge {
  /** Base of its API, such as `https://api.github.com`. */
  readonly api: string
  /** Base of its pages and downloads, such as `https://github.com`. */
  readonly server: string
}

/** The forge that everybody can reach. */
export const GITHUB: Forge = { api: 'https://api.github.com', server: 'https://github.com' }

/** The forge that the runner names; GitHub where it names none. */
export function readForge(environment: NodeJS.ProcessEnv): Forge {
  return {
    api: base(environment.GITHUB_API_URL) ?? GITHUB.api,
    server: base(environment.GITHUB_SERVER_URL) ?? GITHUB.server,
  }
}

function base(text: string | undefined): string | undefined {
  return text !== undefined && URL.canParse(text) ? text.replace(/\/+$/, '') : undefined
}
