import { dirname } from 'node:path'
import type { Plugin } from 'esbuild'

const TOKENS = 'lazy-tokens'
const UNDICI = 'slim-undici'

/** In the place of the class that fetches OpenID Connect tokens: loads it when it is called. */
const LAZY_TOKENS = `export const OidcClient = {
  getIDToken: async (audience) => (await import('./oidc-utils.js')).OidcClient.getIDToken(audience),
}`

/** The part of undici's own index.js that makes connections and sends requests. */
const SLIM_UNDICI = `import Dispatcher from './lib/dispatcher/dispatcher.js'
import Agent from './lib/dispatcher/agent.js'
import EnvHttpProxyAgent from './lib/dispatcher/env-http-proxy-agent.js'
import api from './lib/api/index.js'
Object.assign(Dispatcher.prototype, api)
export { Agent, EnvHttpProxyAgent }`

/**
 * Keeps out of a step's start what it does not need then. Two packages load all of themselves however little is used:
 * @actions/core its HTTP client for tokens, and undici fetch, WebSockets, caches and mocks (docs/performance.md).
 */
export const lazyParts: Plugin = {
  name: 'lazy-parts',
  setup(build) {
    build.onResolve({ filter: /^\.\/oidc-utils\.js$/ }, ({ importer, resolveDir }) => {
      const isAtStart = /@actions[\\/]core[\\/]lib[\\/]core\.js$/.test(importer)
      return isAtStart ? { path: 'core', namespace: TOKENS, pluginData: resolveDir } : undefined
    })
    build.onLoad({ filter: /.*/, namespace: TOKENS }, ({ pluginData }) => {
      return { contents: LAZY_TOKENS, resolveDir: pluginData }
    })
    build.onResolve({ filter: /^undici$/ }, async ({ importer, kind, resolveDir }) => {
      if (!/[\\/]src[\\/]tools[\\/]dispatcher\.ts$/.test(importer)) return undefined
      const { path } = await build.resolve('undici/package.json', { kind, resolveDir })
      return { path: 'undici', namespace: UNDICI, pluginData: dirname(path) }
    })
    build.onLoad({ filter: /.*/, namespace: UNDICI }, ({ pluginData }) => {
      return { contents: SLIM_UNDICI, resolveDir: pluginData }
    })
  },
}
