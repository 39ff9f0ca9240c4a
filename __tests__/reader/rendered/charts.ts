import { EVIL, pod, type RenderedCase, SIGNED } from './cases'

const CHART = { 'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\nappVersion: "7"\n' }

/** A chart with one template. */
function of(
  template: string,
  values: string,
  images: readonly string[],
  files: RenderedCase['files'] = {},
): RenderedCase {
  return {
    files: { ...CHART, 'values.yaml': values, 'templates/web.yaml': template, ...files },
    asked: 'Chart.yaml',
    images,
  }
}

const open = (why: RegExp): Pick<RenderedCase, 'problems'> => ({ problems: [['template', why]] })
const SPLIT = 'image:\n  registry: ghcr.io\n  repository: team/app\n  tag: ""\n'
const joined =
  '{{ .Values.image.registry }}/{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}'

export const CHARTS: Readonly<Record<string, RenderedCase>> = {
  'a name of three values and the version of the app': {
    ...of(pod(`"${joined}"`), SPLIT, ['ghcr.io/team/app:7']),
    place: ['ghcr.io/team/app:7', 'values.yaml', 3],
  },
  'a text': { ...of(pod('{{ .Values.image }}'), `image: ${SIGNED}\n`, [SIGNED]), place: [SIGNED, 'values.yaml', 1] },
  'a literal': { ...of(pod(EVIL), '', [EVIL]), place: [EVIL, 'templates/web.yaml', 7] },
  'a helper in _helpers.tpl': of(pod('{{ include "image" . }}'), '', [EVIL], {
    'templates/_helpers.tpl': `{{- define "image" -}}{{ printf "%s/%s:%d" "evil.example" "app" 1 }}{{- end -}}`,
  }),
  'tpl of a value': of(pod('{{ tpl .Values.t . }}'), `t: '{{ "evil.example" }}/{{ .Values.name }}:1'\nname: app\n`, [
    EVIL,
  ]),
  'range and with': of(
    `{{ range .Values.apps }}{{ with .image }}\n---\n${pod('{{ . }}', 'x')}{{ end }}{{ end }}`,
    `apps: [{image: "${SIGNED}"}, {image: "${EVIL}"}, {}]\n`,
    [EVIL, SIGNED],
  ),
  'toYaml of containers': of(
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  initContainers: {{- toYaml .Values.first | nindent 4 }}\n  containers: []\n',
    `first: [{name: a, image: "${EVIL}", env: [{name: IMAGE, value: "x/y:1"}]}]\n`,
    [EVIL],
  ),
  'a sidecar in ephemeralContainers': of(
    `${pod(SIGNED)}  ephemeralContainers: [{name: d, image: {{ .Values.debug }}}]\n`,
    `debug: ${EVIL}\n`,
    [EVIL, SIGNED],
  ),
  'a custom resource': of(
    'apiVersion: x.example/v1\nkind: Runner\nmetadata: {name: r}\nspec: {image: {{ .Values.r }}}\n',
    `r: ${EVIL}\n`,
    [EVIL],
  ),
  'an object in crds/': of('', '', [EVIL], { 'crds/pod.yaml': pod(EVIL) }),
  'a hook': of(
    pod('{{ .Values.h }}').replace('{name: a}', '{name: a, annotations: {"helm.sh/hook": pre-install}}'),
    `h: ${EVIL}\n`,
    [EVIL],
  ),
  'NOTES.txt, which is shown only': of(pod(SIGNED), '', [SIGNED], {
    'templates/NOTES.txt': 'image: "evil.example/notes:1"\n',
  }),
  'a name in base64': of(pod('{{ b64dec .Values.b }}'), `b: ${Buffer.from(EVIL).toString('base64')}\n`, [EVIL]),
  'a name of turned letters': of(
    pod('{{ splitList "" .Values.b | reverse | join "" }}'),
    `b: "${[...EVIL].reverse().join('')}"\n`,
    [EVIL],
  ),
  'a key of two words': of(pod(EVIL).replace('image:', '{{ print "ima" "ge" }}:'), '', [EVIL]),
  'a document behind dashes on one line': of(
    `${pod(SIGNED)}--- {apiVersion: v1, kind: Pod, spec: {containers: [{name: b, image: "${EVIL}"}]}}\n`,
    '',
    [EVIL, SIGNED],
  ),
  'a file of the chart': of(pod('{{ .Files.Get "image.txt" | trim }}'), '', [EVIL], { 'image.txt': `${EVIL}\n` }),
  'what is shown for an upgrade only': of(
    `{{ if .Release.IsUpgrade }}${pod('{{ .Values.a }}')}{{ else }}${pod('{{ .Values.b }}')}{{ end }}`,
    `a: ${EVIL}\nb: ${SIGNED}\n`,
    [EVIL, SIGNED],
  ),
  'what is there where a cluster has an API': of(
    `{{ if .Capabilities.APIVersions.Has "x.example/v1" }}${pod('{{ .Values.a }}')}{{ end }}`,
    `a: ${EVIL}\n`,
    [EVIL],
  ),
  'what old clusters get': of(
    `{{ if semverCompare "<1.20-0" .Capabilities.KubeVersion.Version }}${pod('{{ .Values.a }}')}{{ end }}`,
    `a: ${EVIL}\n`,
    [EVIL],
  ),
  'other values next to it': {
    ...of(pod('{{ .Values.image }}'), `image: ${SIGNED}\n`, [EVIL, SIGNED], { 'values-prod.yaml': `image: ${EVIL}\n` }),
    place: [EVIL, 'values-prod.yaml', 1],
  },
  'a values file that is asked about': {
    ...of(
      pod('{{ .Values.image.name }}:{{ .Values.image.v }}'),
      'image: {name: ghcr.io/team/app, v: 1}\n',
      [EVIL, SIGNED],
      {
        'values.prod.yaml': 'image: {name: evil.example/app}\n',
      },
    ),
    asked: 'values.prod.yaml',
  },
  'a template that is asked about': {
    ...of(pod('{{ .Values.i }}'), `i: ${EVIL}\n`, [EVIL]),
    asked: 'templates/web.yaml',
  },
  'a chart in charts/': of(pod(SIGNED), 'sub: {image: evil.example/app}\n', [EVIL, SIGNED], {
    'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
    'charts/sub/values.yaml': 'image: docker.io/sub/default\n',
    'charts/sub/templates/a.yaml': pod('{{ .Values.image }}:1'),
  }),
  'a chart in charts/ that a condition leaves out': of(pod(SIGNED), 'sub: {enabled: false}\n', [SIGNED], {
    'Chart.yaml': `${CHART['Chart.yaml']}dependencies: [{name: sub, version: 1.0.0, condition: sub.enabled}]\n`,
    'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
    'charts/sub/templates/a.yaml': pod(EVIL),
  }),
  'a dependency elsewhere in the workspace': {
    files: {
      'a/Chart.yaml': `${CHART['Chart.yaml']}dependencies: [{name: lib, version: 1.0.0, repository: "file://../lib"}]\n`,
      'a/templates/a.yaml': '{{ include "lib.pod" . }}',
      'lib/Chart.yaml': 'apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n',
      'lib/templates/_pod.tpl': `{{ define "lib.pod" }}${pod(EVIL)}{{ end }}`,
    },
    asked: 'a/Chart.yaml',
    images: [EVIL],
  },
  'a dependency that is not there': {
    ...of(pod(EVIL), '', [EVIL], {
      'Chart.yaml': `${CHART['Chart.yaml']}dependencies:\n- name: postgresql\n  version: 1.0.0\n  repository: https://example.com\n`,
    }),
    ...open(/is not in its folder charts/),
  },
  lookup: {
    ...of(`{{ $s := lookup "v1" "Secret" "x" "y" }}${pod(EVIL)}`, '', [EVIL]),
    ...open(/looks it up in the cluster/),
  },
  'a value that is required': {
    ...of(pod('{{ required "say which" .Values.i }}'), '', [EVIL], {
      'templates/b.yaml': pod('{{ .Values.e }}'),
      'values.yaml': `e: ${EVIL}\n`,
    }),
    ...open(/say which/),
  },
  'a template that fails next to one that hides': {
    ...of('{{ .Values.a.b.c }}', `e: ${EVIL}\n`, [EVIL], { 'templates/b.yaml': pod('{{ .Values.e }}') }),
    ...open(/nil pointer/),
  },
  'the name of the release in an image': {
    ...of(pod('ghcr.io/{{ .Release.Name }}/app:1'), '', []),
    ...open(/name of the release/),
  },
  'environment and network, which give nothing': of(
    pod('{{ getHostByName "example.com" | default "ghcr.io/team/app:1" }}'),
    '',
    [SIGNED],
  ),
  'a function that charts do not have': {
    ...of(pod('{{ env "HOME" }}'), '', []),
    problems: [['invalid', /function "env" not defined/]],
  },
  'a template that calls itself': {
    ...of(pod('{{ include "x" . }}'), '', [], { 'templates/_h.tpl': '{{ define "x" }}{{ include "x" . }}{{ end }}' }),
    ...open(/error calling include/),
  },
  'what is no YAML once rendered': {
    ...of('a: {{ .Values.x }}: b', 'x: "[: {"\n', []),
    problems: [['invalid', /Helm refuses what comes out/]],
  },
  'a chart without a version': {
    ...of(pod(EVIL), '', [], { 'Chart.yaml': 'name: shop\n' }),
    problems: [['invalid', /Helm refuses it/]],
  },
}
