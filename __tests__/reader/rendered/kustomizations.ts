import { EVIL, pod, type RenderedCase, SIGNED } from './cases'

const KUSTOMIZATION = 'kustomization.yaml'
const POD = { 'pod.yaml': pod('app') }
const deployment = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n      - {name: web, image: "${SIGNED}"}\n`

function of(kustomization: string, images: readonly string[], files: RenderedCase['files'] = POD): RenderedCase {
  return {
    files: { ...files, [KUSTOMIZATION]: `resources: [pod.yaml]\n${kustomization}` },
    asked: KUSTOMIZATION,
    images,
  }
}

export const KUSTOMIZATIONS: Readonly<Record<string, RenderedCase>> = {
  'newName and newTag': {
    ...of('images:\n- name: app\n  newName: ghcr.io/team/app\n  newTag: "2"\n', ['ghcr.io/team/app:2']),
    place: ['ghcr.io/team/app:2', KUSTOMIZATION, 4],
  },
  'newTag alone': of('images: [{name: app, newTag: "3"}]', ['app:3']),
  'a digest': of(`images: [{name: app, digest: "sha256:${'a'.repeat(64)}"}]`, [`app@sha256:${'a'.repeat(64)}`]),
  // kustomize adds it twice.
  'a suffix of the tag': of('images: [{name: app, tagSuffix: -x}]', ['app:latest-x-x'], {
    'pod.yaml': pod('app:latest'),
  }),
  'an image that no transformer meets': {
    ...of('images: [{name: other, newName: ghcr.io/team/other, newTag: "1"}]', [SIGNED, 'ghcr.io/team/other:1'], {
      'pod.yaml': pod(SIGNED),
    }),
    place: [SIGNED, 'pod.yaml', 7],
  },
  'keys in another case': of('images: [{name: app, newName: ghcr.io/team/app, newname: evil.example/app}]', [
    'evil.example/app',
  ]),
  'an inline JSON patch': of(
    `patches:\n- target: {kind: Pod}\n  patch: |-\n    - {op: replace, path: /spec/containers/0/image, value: "${EVIL}"}\n`,
    [EVIL],
  ),
  'an inline strategic patch with a sidecar': of(
    `patches:\n- patch: |-\n    ${pod(EVIL).replace('name: a\n    image', 'name: b\n    image').replaceAll('\n', '\n    ')}\n`,
    [EVIL, SIGNED],
    { 'pod.yaml': pod(SIGNED) },
  ),
  'patches in files': of('patches: [{path: patch.yaml}]', [EVIL], { ...POD, 'patch.yaml': pod(EVIL) }),
  'a JSON patch in a file without an ending': of('patches: [{path: p, target: {kind: Pod}}]', [EVIL], {
    ...POD,
    p: `[{"op": "replace", "path": "/spec/containers/0/image", "value": "${EVIL}"}]`,
  }),
  patchesStrategicMerge: of('patchesStrategicMerge: [patch.yaml]', [EVIL], { ...POD, 'patch.yaml': pod(EVIL) }),
  patchesJson6902: of(
    `patchesJson6902:\n- target: {version: v1, kind: Pod, name: a}\n  patch: '[{"op":"replace","path":"/spec/containers/0/image","value":"${EVIL}"}]'\n`,
    [EVIL],
  ),
  'a base': {
    files: {
      'overlay/kustomization.yaml':
        'resources: [../base]\nimages: [{name: app, newName: ghcr.io/team/app, newTag: "1"}]\n',
      'base/kustomization.yml': 'resources: [pod.yaml]\n',
      'base/pod.yaml': pod('app'),
    },
    asked: 'overlay/kustomization.yaml',
    images: [SIGNED],
  },
  'a base of a base, each with its transformer': {
    files: {
      'a/kustomization.yaml': 'resources: [../b]\nimages: [{name: ghcr.io/team/app, newTag: "1"}]\n',
      'b/Kustomization': 'resources: [../c]\nimages: [{name: app, newName: ghcr.io/team/app}]\n',
      'c/kustomization.yaml': 'resources: [pod.yaml]\n',
      'c/pod.yaml': pod('app'),
    },
    asked: 'a/kustomization.yaml',
    images: [SIGNED],
  },
  'a component': {
    files: {
      ...POD,
      [KUSTOMIZATION]: 'resources: [pod.yaml]\ncomponents: [component]\n',
      'component/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages: [{name: app, newName: evil.example/app, newTag: "1"}]\n`,
    },
    asked: KUSTOMIZATION,
    images: [EVIL],
  },
  'a component by itself': {
    files: {
      [KUSTOMIZATION]: `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{target: {kind: Pod}, path: p.yaml}]\n`,
      'p.yaml': `- {op: replace, path: /spec/containers/0/image, value: "${EVIL}"}\n`,
    },
    asked: KUSTOMIZATION,
    images: [],
  },
  replacements: of(
    'configMapGenerator: [{name: c, literals: ["image=evil.example/app:1"]}]\nreplacements:\n- source: {kind: ConfigMap, fieldPath: data.image}\n  targets:\n  - {select: {kind: Pod}, fieldPaths: [spec.containers.0.image]}\n',
    [EVIL],
  ),
  'a replacement in a file': of('replacements: [{path: r.yaml}]', [EVIL], {
    'pod.yaml': `${pod('app')}---\n${pod(EVIL, 'b')}`,
    'r.yaml':
      'source: {kind: Pod, name: b, fieldPath: spec.containers.0.image}\ntargets: [{select: {kind: Pod, name: a}, fieldPaths: [spec.containers.0.image]}]\n',
  }),
  'vars, which are no images': of('namePrefix: x-\nnamespace: other\n', ['app']),
  'a transformer of its own kind': of('transformers: [t.yaml]', [EVIL], {
    ...POD,
    't.yaml':
      'apiVersion: builtin\nkind: ImageTagTransformer\nmetadata: {name: t}\nimageTag: {name: app, newName: evil.example/app, newTag: "1"}\n',
  }),
  'a prefix of names leaves images alone': of('transformers: [t.yaml]', ['app'], {
    ...POD,
    't.yaml':
      'apiVersion: builtin\nkind: PrefixTransformer\nmetadata: {name: t}\nprefix: x-\nfieldSpecs: [{path: metadata/name}]\n',
  }),
  'fields of a custom resource': of(
    'configurations: [c.yaml]\nimages: [{name: app, newName: evil.example/app, newTag: "1"}]',
    [EVIL],
    {
      'pod.yaml': 'apiVersion: x.example/v1\nkind: Runner\nmetadata: {name: r}\nspec: {image: app}\n',
      'c.yaml': 'images: [{path: spec/image, kind: Runner}]\n',
    },
  ),
  'a Deployment': of('images: [{name: ghcr.io/team/app, newTag: "9"}]', ['ghcr.io/team/app:9'], {
    'pod.yaml': deployment,
  }),
  'a resource without an ending': {
    files: { [KUSTOMIZATION]: 'resources: [pod]\n', pod: pod(EVIL) },
    asked: KUSTOMIZATION,
    images: [EVIL],
  },
  'a file outside of the folder': {
    files: { 'k/kustomization.yaml': 'resources: [../pod.yaml]\n', 'pod.yaml': pod(EVIL) },
    asked: 'k/kustomization.yaml',
    images: [EVIL],
  },
  'a remote base': {
    ...of('bases: ["https://github.com/team/repo//base?ref=v1"]', [EVIL], { 'pod.yaml': pod(EVIL) }),
    problems: [['template', /not in the workspace/]],
  },
  'a remote file that a patch is for': {
    ...of(
      `components: ["git@example.com:team/repo"]\npatches: [{target: {kind: Deployment, name: web}, patch: "- {op: remove, path: /x}"}, {patch: '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"}}'}]`,
      [EVIL],
      { 'pod.yaml': pod(EVIL) },
    ),
    problems: [
      ['template', /kustomize needs what is not in the workspace/],
      ['template', /not in the workspace/],
    ],
  },
  helmCharts: {
    ...of('helmCharts: [{name: nginx, repo: "https://example.com", version: "1"}]', [EVIL], { 'pod.yaml': pod(EVIL) }),
    problems: [['template', /Helm/]],
  },
  'a generator that is a program': {
    ...of('generators: [g.yaml]', [EVIL], {
      'pod.yaml': pod(EVIL),
      'g.yaml':
        'apiVersion: x.example/v1\nkind: Gen\nmetadata:\n  name: g\n  annotations:\n    config.kubernetes.io/function: "exec: {path: ./run.sh}"\n',
    }),
    problems: [['template', /not in the workspace/]],
  },
  'a resource that is missing': {
    files: { [KUSTOMIZATION]: 'resources: [gone.yaml]\n' },
    asked: KUSTOMIZATION,
    images: [],
    problems: [['invalid', /kustomize refuses it/]],
  },
  'a circle of bases': {
    files: { 'a/kustomization.yaml': 'resources: [../b]\n', 'b/kustomization.yaml': 'resources: [../a]\n' },
    asked: 'a/kustomization.yaml',
    images: [],
    problems: [['invalid', /kustomize refuses it/]],
  },
}
