import { objects } from './objects'
import { damaged, image, type Random } from './random'

type Files = Record<string, string>

const bits = (random: Random): string[] =>
  random.some(0, 4, () =>
    random.of([
      `images: [{name: ${image(random)}, newName: ${image(random)}, newTag: "2"}]`,
      `images:\n- name: app\n  digest: sha256:${'c'.repeat(64)}`,
      `patches:\n- target: {kind: Pod}\n  patch: |-\n    - {op: ${random.of(['add', 'replace', 'test'])}, path: /spec/containers/0/image, value: "${image(random)}"}`,
      `patches:\n- patch: |-\n    {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: "${image(random)}"}]}}`,
      'namePrefix: x-',
      'nameSuffix: -y',
      'components: [c]',
      'bases: [base]',
      'configMapGenerator: [{name: c, literals: [image=app]}]',
      'replacements: [{source: {kind: Pod, fieldPath: spec.containers.0.image}, targets: [{select: {kind: Pod}, fieldPaths: [spec.initContainers.0.image]}]}]',
    ]),
  )

/** A kustomization with what it refers to, each file damaged now and then. */
export function kustomization(random: Random): Files {
  return {
    'kustomization.yaml': damaged(random, `resources: [pod.yaml]\n${bits(random).join('\n')}\n`),
    'pod.yaml': random.chance(0.5)
      ? `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: "${image(random)}"}]}\n`
      : objects(random),
    'c/kustomization.yaml': `kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nimages: [{name: app, newTag: "7"}]\n`,
    'base/kustomization.yaml': 'resources: [p.yaml]\n',
    'base/p.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec: {containers: [{name: a, image: "${image(random)}"}]}\n`,
  }
}

/** A chart, each of its files damaged now and then. */
export function chart(random: Random): Files {
  const name = random.of([
    '{{ .Values.image }}',
    '{{ .Values.image | quote }}',
    '{{ include "i" . }}',
    '{{ tpl "{{ .Values.image }}" . }}',
    '{{ printf "%s:%v" "app" 1 }}',
    '{{ .Values.i.repository }}:{{ .Values.i.tag | default .Chart.AppVersion }}',
    image(random),
  ])
  const guard = random.of([
    '',
    '',
    '{{ if .Values.on }}',
    '{{ with .Values.i }}',
    '{{ range .Values.l }}',
    '{{ if .Release.IsUpgrade }}',
  ])
  const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: ${name}\n`
  return {
    'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\nappVersion: "7"\n',
    'values.yaml': damaged(
      random,
      `image: ${image(random)}\ni: {repository: ghcr.io/team/app, tag: "${random.of(['', '1'])}"}\non: true\nl: [1, 2]\n`,
    ),
    'templates/web.yaml': damaged(random, `${guard}${pod}${guard === '' ? '' : '{{ end }}'}`),
    'templates/_helpers.tpl': damaged(random, `{{ define "i" }}${image(random)}{{ end }}`),
  }
}
