/**
 * Which variables of a job a tool gets: a list of what is allowed, so that a secret under a name that nobody thought of
 * never reaches one. docs/environment.md has its table from here (`npm run docs`).
 */

export interface VariableFamily {
  readonly about: string
  /** Names in any case, as Windows takes them; one that ends with `*` stands for all that begin so. */
  readonly names: readonly string[]
  readonly why: string
}

export const FAMILIES = {
  machine: {
    about: 'User and machine',
    names: [
      ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'TMP', 'TEMP', 'TERM', 'TZ', 'LANG', 'LANGUAGE'],
      ...['LC_*', 'XDG_*', 'NO_COLOR', '__CF_USER_TEXT_ENCODING'],
    ],
    why: 'where programs, settings and temporary files are; language and time zone',
  },
  windows: {
    about: 'Windows',
    names: [
      ...['SystemRoot', 'SystemDrive', 'windir', 'ComSpec', 'PATHEXT', 'PSModulePath', 'OS', 'PUBLIC'],
      ...['USERPROFILE', 'USERNAME', 'USERDOMAIN', 'COMPUTERNAME', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA'],
      ...['ALLUSERSPROFILE', 'ProgramData', 'ProgramFiles*', 'ProgramW6432', 'CommonProgramFiles*'],
      ...['NUMBER_OF_PROCESSORS', 'PROCESSOR_*', 'WSLENV', 'WSL_UTF8'],
    ],
    why: 'without them programs do not start, or do not find their folders',
  },
  network: {
    about: 'Network',
    names: ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
    why: 'proxies and CA certificates',
  },
  go: {
    about: 'Go',
    names: ['GOGC', 'GOMAXPROCS', 'GOMEMLIMIT', 'GODEBUG'],
    why: 'settings of programs written in Go: memory, processors, name resolution',
  },
  processes: {
    about: 'Marks of processes',
    names: ['RUNNER_TRACKING_ID', 'GITHUB_ACTION', 'FINCH_SIGNING_CASE', 'FINCH_SIGNING_RUN'],
    why: 'by them the runner, and the tests of this project, find processes that a step left behind',
  },
  containerd: {
    about: 'containerd',
    names: ['CONTAINERD_ADDRESS', 'CONTAINERD_NAMESPACE', 'CONTAINERD_SNAPSHOTTER'],
    why: 'where the images are',
  },
  vm: { about: 'Virtual machine', names: ['LIMA_*'], why: "Finch's virtual machine on macOS" },
  docker: { about: 'Docker', names: ['DOCKER_CONFIG'], why: "the job's own logins" },
  stores: {
    about: 'Password stores',
    names: ['GNUPGHOME', 'PASSWORD_STORE_*', 'DBUS_SESSION_BUS_ADDRESS', 'DISPLAY', 'WAYLAND_DISPLAY'],
    why: 'where pass and the secret service keep what a helper is asked for',
  },
  aws: { about: 'AWS', names: ['AWS_*'], why: 'its credentials, region and endpoints' },
  google: { about: 'Google Cloud', names: ['GOOGLE_*', 'CLOUDSDK_*', 'GCE_*'], why: 'its credentials and settings' },
  azure: { about: 'Azure', names: ['AZURE_*', 'IDENTITY_*', 'MSI_*'], why: 'its credentials and settings' },
  vault: {
    about: 'Vault',
    names: ['VAULT_*', 'TRANSIT_SECRET_ENGINE_PATH'],
    why: 'its address, namespace and token',
  },
} as const satisfies Readonly<Record<string, VariableFamily>>

export type FamilyName = keyof typeof FAMILIES

const EVERYWHERE = ['machine', 'windows', 'network', 'go', 'processes'] as const

/** The families that each tool gets. What it is granted besides, such as a key, is up to the call. */
export const ALLOWED = {
  cosign: EVERYWHERE,
  finch: [...EVERYWHERE, 'containerd', 'vm'],
  'credential helper': [...EVERYWHERE, 'docker', 'stores', 'aws', 'google', 'azure'],
  installer: [...EVERYWHERE, 'containerd', 'vm'],
} as const satisfies Readonly<Record<string, readonly FamilyName[]>>

/** A kind of tool; `installer` is what puts Finch and cosign in their places: apt, tar, msiexec, systemctl. */
export type ToolKind = keyof typeof ALLOWED

type Variables = Readonly<Record<string, string | undefined>>

/** Those of the variables that belong to one of the families and are set. */
export function ofFamilies(variables: Variables, families: readonly FamilyName[]): Record<string, string> {
  const found = Object.entries(variables).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined && isOf(entry[0], families)
  })
  return Object.fromEntries(found)
}

/** True when the name belongs to one of the families. */
export function isOf(name: string, families: readonly FamilyName[]): boolean {
  const upper = name.toUpperCase()
  return families.some((family) =>
    FAMILIES[family].names.some((one) => {
      const wanted = one.toUpperCase()
      return wanted.endsWith('*') ? upper.startsWith(wanted.slice(0, -1)) : upper === wanted
    }),
  )
}
