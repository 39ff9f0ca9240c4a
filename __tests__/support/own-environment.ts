/**
 * Before each file of tests: nothing of this machine's shell changes a result. Proxies stay, for what the test bed downloads; jobs do
 * not see them.
 */
const OTHERS =
  /^(AWS_|AZURE_|GOOGLE_|VAULT_|COSIGN_|SIGSTORE_|REKOR_|FULCIO_|TUF_|DOCKER_|REGISTRY_AUTH_FILE$|CONTAINERD_|NERDCTL_|BUILDKIT_|FINCH_(?!SIGNING_)|COMPOSE_|GIT_|LC_|LANGUAGE$|GITHUB_|RUNNER_|ACTIONS_|INPUT_)/

for (const name of Object.keys(process.env)) if (OTHERS.test(name)) delete process.env[name]
Object.assign(process.env, { LANG: 'C.UTF-8', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' })
process.umask(0o022)
