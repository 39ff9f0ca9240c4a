import { BINARY_EVIL, type Case, type Cases, EVIL as E, pod, SIGNED as S } from './names'

const file = (name: string, text: string): Case => ({ [name]: text })
const kubernetes = (kind: string, spec: string, version = 'v1'): Case =>
  file('object.yaml', `apiVersion: ${version}\nkind: ${kind}\nmetadata: {name: a}\n${spec}`)
const kustomization = (text: string, name = 'kustomization.yaml'): Case => file(name, text)

export const OBJECTS: Cases = {
  // Ends of lines
  'a return in a comment': pod(`    #\r    image: ${E}\n`),
  'a next line in a comment': pod(`    # x\u0085    image: ${E}\n`),
  'a line separator in a comment': pod(`    # x\u2028    image: ${E}\n`),
  'a paragraph separator in a comment': pod(`    # x\u2029    image: ${E}\n`),
  'a next line in a block of text': pod(
    `    image: ${S}\n    args:\n    - |\n      x\u0085  - name: b\u0085    image: ${E}\n    env:\n    - #\u0085      name: x\u0085  - name: b\u0085    image: ${E}\n`,
  ),
  'a whole container behind a return': pod(`    image: ${S}\n    #\r  - name: b\r    image: ${E}\n`),
  // Merge keys, tags
  'a merge key behind an image': pod(`    image: ${S}\n    <<: {image: ${E}}\n`),
  'a merge key with an empty image': pod(`    image:\n    <<: {image: ${E}}\n`),
  'two merge keys': pod(`    <<: {image: ${S}}\n    <<: {image: ${E}}\n`),
  'a merge key with an anchor of another object': kubernetes(
    'List',
    `items:\n- apiVersion: v1\n  kind: ConfigMap\n  data: &e {image: ${E}}\n- apiVersion: v1\n  kind: Pod\n  spec:\n    containers:\n    - name: a\n      image: ${S}\n      <<: *e\n`,
  ),
  'a merge of a list of mappings': pod(`    <<: [{image: ${E}}, {image: ${S}}]\n`),
  'a binary key': pod(`    !!binary aW1hZ2U=: ${E}\n`),
  'a binary key for the containers': kubernetes('Pod', `spec:\n  !!binary Y29udGFpbmVycw==:\n  - image: ${E}\n`),
  'a binary value': pod(`    image: !!binary ${BINARY_EVIL}\n`),
  'a binary kind': file(
    'object.yaml',
    `apiVersion: v1\n!!binary a2luZA==: Pod\nspec: {containers: [{image: "${E}"}]}\n`,
  ),
  'an ordered mapping': kubernetes('Pod', `spec:\n  containers: !!omap\n  - image: ${E}\n`),
  'a list of pairs': kubernetes('Pod', `spec:\n  containers: !!pairs\n  - image: ${E}\n`),
  'a key with a question mark': pod(`    ? image\n    : ${E}\n`),
  'a key in quotes with an escape': pod(`    "im\\x61ge": ${E}\n`),
  'an alias for the name': pod(`    command: [&e "${E}"]\n    image: *e\n`),
  'an alias for a container': kubernetes(
    'Pod',
    `spec:\n  initContainers:\n  - &c {name: a, image: "${E}"}\n  containers:\n  - *c\n`,
  ),
  'a folded name': pod(`    image: >-\n      ${E}\n`),
  'a name on the next line': pod(`    image:\n      ${E}\n`),
  // Streams of documents
  'a second document': file('a.yaml', `a: b\n---\napiVersion: v1\nkind: Pod\nspec: {containers: [{image: "${E}"}]}\n`),
  'a document behind its end': file(
    'a.yaml',
    `a: b\n...\n---\napiVersion: v1\nkind: Pod\nspec: {containers: [{image: "${E}"}]}\n`,
  ),
  'JSON behind JSON': file(
    'pod.json',
    `{"a":"b"}{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"${E}"}]}}`,
  ),
  'JSON behind JSON in a file of YAML': file(
    'pod.yaml',
    `{"a":"b"}\n{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"${E}"}]}}`,
  ),
  'JSON with a key twice': file(
    'pod.json',
    `{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"${S}","image":"${E}"}]}}`,
  ),
  'JSON behind YAML': file(
    'a.yaml',
    `a: b\n---\n{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"${E}"}]}}\n`,
  ),
  'a document that cannot be read before one that can': file(
    'a.yaml',
    `a: [\n---\napiVersion: v1\nkind: Pod\nspec: {containers: [{image: "${E}"}]}\n`,
  ),
  'UTF-16': file('a.yaml', `apiVersion: v1\nkind: Pod\nspec: {containers: [{image: "${E}"}]}\n`),
  // Names of files against content
  'a Pod under a name of compose': file(
    'compose-web.yaml',
    `apiVersion: v1\nkind: Pod\nspec: {containers: [{image: "${E}"}]}\n`,
  ),
  'a Pod under the first name of compose': file(
    'docker-compose.yaml',
    `apiVersion: v1\nkind: Pod\nspec: {containers: [{image: "${E}"}]}\n`,
  ),
  'a Pod under the name of a kustomization': file(
    'kustomization.yaml',
    `apiVersion: v1\nkind: Pod\nspec: {containers: [{image: "${E}"}]}\n`,
  ),
  'a Pod under the name of a workflow': file(
    '.github/workflows/a.yml',
    `apiVersion: v1\nkind: Pod\nspec: {containers: [{image: "${E}"}]}\n`,
  ),
  'a Pod under the name of an action': file(
    'action.yml',
    `apiVersion: v1\nkind: Pod\nspec: {containers: [{image: "${E}"}]}\n`,
  ),
  'a Pod under the name of values': file(
    'values.yaml',
    `apiVersion: v1\nkind: Pod\nspec: {containers: [{image: "${E}"}]}\n`,
  ),
  'a Pod without an ending': file('pod', `apiVersion: v1\nkind: Pod\nspec: {containers: [{image: "${E}"}]}\n`),
  'a Pod in a file of text': file('pod.txt', `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: ${E}\n`),
  'a Pod in the documents': file('README.md', `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: ${E}\n`),
  'a template of Jinja': file(
    'pod.yaml.j2',
    `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: ${E}\n{% if x %}\n{% endif %}\n`,
  ),
  'a template of Go': file(
    'pod.yaml.tpl',
    `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: ${E}\n    args: [{{ .x }}]\n`,
  ),
  'a template whose image is on the next line': file(
    'pod.yaml',
    `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image:\n      ${E}\n    args: {{ .x }}\n`,
  ),
  'a template with a mapping on one line': file(
    'pod.yaml',
    `apiVersion: v1\nkind: Pod\n{{ if x }}\nspec: {containers: [{image: ${E}}]}\n{{ end }}\n`,
  ),
  'a template with a block of text': file(
    'pod.yaml',
    `apiVersion: v1\nkind: Pod\n{{ if x }}\nspec:\n  containers:\n  - image: >-\n      ${E}\n{{ end }}\n`,
  ),
  'a text that other parsers dislike': pod(`    env: [{name: "b\nc"}]\n    image: ${E}\n`),
  // Fields and kinds
  'an init container': kubernetes(
    'Pod',
    `spec:\n  initContainers: [{image: "${E}"}]\n  containers: [{image: "${S}"}]\n`,
  ),
  'an ephemeral container': kubernetes(
    'Pod',
    `spec:\n  ephemeralContainers: [{image: "${E}"}]\n  containers: [{image: "${S}"}]\n`,
  ),
  'an image as a volume': kubernetes(
    'Pod',
    `spec:\n  volumes: [{name: v, image: {reference: "${E}"}}]\n  containers: [{image: "${S}"}]\n`,
  ),
  'a job that is made every day': kubernetes(
    'CronJob',
    `spec: {jobTemplate: {spec: {template: {spec: {containers: [{image: "${E}"}]}}}}}\n`,
    'batch/v1',
  ),
  'a list of objects': kubernetes(
    'List',
    `items:\n- {apiVersion: v1, kind: Pod, spec: {containers: [{image: "${E}"}]}}\n`,
  ),
  'a template of pods': kubernetes('PodTemplate', `template: {spec: {containers: [{image: "${E}"}]}}\n`),
  'an operator of Prometheus': kubernetes('Prometheus', `spec: {image: "${E}"}\n`, 'monitoring.coreos.com/v1'),
  'a step of Tekton': kubernetes('StepAction', `spec: {image: "${E}"}\n`, 'tekton.dev/v1beta1'),
  'a task of Tekton': kubernetes('Task', `spec: {steps: [{image: "${E}"}]}\n`, 'tekton.dev/v1'),
  'a template of Argo': kubernetes(
    'Workflow',
    `spec: {templates: [{container: {image: "${E}"}}]}\n`,
    'argoproj.io/v1alpha1',
  ),
  'a cluster of Ceph': kubernetes('CephCluster', `spec: {cephVersion: {image: "${E}"}}\n`, 'ceph.rook.io/v1'),
  'an application of Spin': kubernetes('SpinApp', `spec: {image: "${E}"}\n`, 'core.spinkube.dev/v1'),
  'a service of Knative': kubernetes(
    'Service',
    `spec: {template: {spec: {containers: [{image: "${E}"}]}}}\n`,
    'serving.knative.dev/v1',
  ),
  'a template of OpenShift': kubernetes(
    'Template',
    `objects:\n- {apiVersion: v1, kind: Pod, spec: {containers: [{image: "${E}"}]}}\n`,
    'template.openshift.io/v1',
  ),
  'marks of a template in a name that is one': pod(`    image: evil.example.com/app:__A__\n`),
  // Kustomizations
  'a patch of operations': kustomization(
    `resources: []\npatches:\n- target: {kind: Deployment}\n  patch: |\n    - op: replace\n      path: /spec/template/spec/containers/0/image\n      value: ${E}\n`,
  ),
  'a patch of operations as JSON': kustomization(
    `patches:\n- patch: '[{"op":"add","path":"/spec/containers/0","value":{"image":"${E}"}}]'\n`,
  ),
  'a patch of an object': kustomization(
    `patches:\n- patch: |\n    apiVersion: v1\n    kind: Pod\n    metadata: {name: a}\n    spec: {containers: [{name: a, image: "${E}"}]}\n`,
  ),
  'a patch in the older field': kustomization(
    `patchesStrategicMerge:\n- |-\n  apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n  spec: {containers: [{name: a, image: "${E}"}]}\n`,
  ),
  'a patch of operations as a file': file(
    'patch.yaml',
    `- op: replace\n  path: /spec/template/spec/containers/0/image\n  value: ${E}\n`,
  ),
  'a patch of operations as a file of JSON': file(
    'patch.json',
    `[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"${E}"}]\n`,
  ),
  'a patch in the older field of operations': kustomization(
    `patchesJson6902:\n- target: {version: v1, kind: Pod, name: a}\n  patch: |-\n    - op: replace\n      path: /spec/containers/0/image\n      value: ${E}\n`,
  ),
  'a new name with tag and digest': kustomization(`images:\n- name: a\n  newName: ${E}\n`),
  'a new name in another case': kustomization(
    `images: [{name: x, newName: ghcr.io/team/signed, newTag: "1", newname: evil.example.com/app}]\n`,
  ),
  'images in another case': kustomization(`Images: [{name: x, newName: evil.example.com/app, newTag: "1"}]\n`),
  'an older field of tags': kustomization(`imageTags: [{name: x, newName: evil.example.com/app, newTag: "1"}]\n`),
  'a kustomization in capital letters': kustomization(
    `images: [{name: x, newName: evil.example.com/app, newTag: "1"}]\n`,
    'Kustomization',
  ),
  'a kustomization with the other ending': kustomization(
    `images: [{name: x, newName: evil.example.com/app, newTag: "1"}]\n`,
    'kustomization.yml',
  ),
  'a component': file(
    'component.yaml',
    `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages: [{name: x, newName: evil.example.com/app, newTag: "1"}]\n`,
  ),
  'a transformer of tags': file(
    't.yaml',
    `apiVersion: builtin\nkind: ImageTagTransformer\nmetadata: {name: a}\nimageTag: {name: x, newName: evil.example.com/app, newTag: "1"}\n`,
  ),
  // Deployments by Git
  'an application of Argo CD with images': kubernetes(
    'Application',
    `spec: {source: {kustomize: {images: ["nginx=${E}"]}}}\n`,
    'argoproj.io/v1alpha1',
  ),
  'an application of Argo CD with values': kubernetes(
    'Application',
    `spec: {source: {helm: {values: "image: ${E}"}}}\n`,
    'argoproj.io/v1alpha1',
  ),
  'an application of Argo CD with an object of values': kubernetes(
    'Application',
    `spec: {source: {helm: {valuesObject: {image: {repository: evil.example.com/app, tag: "1"}}}}}\n`,
    'argoproj.io/v1alpha1',
  ),
  'an application of Argo CD with parameters': kubernetes(
    'Application',
    `spec: {source: {helm: {parameters: [{name: image.repository, value: evil.example.com/app}, {name: image.tag, value: "1"}]}}}\n`,
    'argoproj.io/v1alpha1',
  ),
  'an application of Argo CD with several sources': kubernetes(
    'Application',
    `spec: {sources: [{helm: {valuesObject: {image: "${E}"}}}]}\n`,
    'argoproj.io/v1alpha1',
  ),
  'a kustomization of Flux with images': kubernetes(
    'Kustomization',
    `spec: {images: [{name: x, newName: evil.example.com/app, newTag: "1"}]}\n`,
    'kustomize.toolkit.fluxcd.io/v1',
  ),
  'a kustomization of Flux with patches': kubernetes(
    'Kustomization',
    `spec:\n  patches:\n  - patch: |\n      - op: replace\n        path: /spec/containers/0/image\n        value: ${E}\n`,
    'kustomize.toolkit.fluxcd.io/v1',
  ),
  'a release of Helm by Flux': kubernetes(
    'HelmRelease',
    `spec: {values: {image: {repository: evil.example.com/app, tag: "1"}}}\n`,
    'helm.toolkit.fluxcd.io/v2',
  ),
  'a release of Helm with patches behind it': kubernetes(
    'HelmRelease',
    `spec: {postRenderers: [{kustomize: {images: [{name: x, newName: evil.example.com/app, newTag: "1"}]}}]}\n`,
    'helm.toolkit.fluxcd.io/v2',
  ),
  'a chart of k3s': kubernetes('HelmChart', `spec:\n  valuesContent: |-\n    image: ${E}\n`, 'helm.cattle.io/v1'),
  // Values of charts
  'values with parts': file('values.yaml', `image: {registry: evil.example.com, repository: app, tag: "1"}\n`),
  'values with a text': file('values.yaml', `sidecar:\n  image: ${E}\n`),
  'values under another name': file('values-prod.yaml', `web:\n  image: {repository: evil.example.com/app, tag: 1}\n`),
  'values with a key that ends in image': file('values.yaml', `busyboxImage: ${E}\n`),
  'values in a list': file('values.yaml', `sidecars:\n- name: x\n  image: ${E}\n`),
  'values with a digest': file(
    'values.yaml',
    `image: {repository: evil.example.com/app, tag: "1", digest: "sha256:${'a'.repeat(64)}"}\n`,
  ),
  // Others
  'a job of Nomad': file(
    'web.nomad',
    `job "a" {\n  group "a" {\n    task "a" {\n      driver = "docker"\n      config {\n        image = "${E}"\n      }\n    }\n  }\n}\n`,
  ),
  'a job of Nomad under another name': file(
    'web.nomad.hcl',
    `job "a" { group "a" { task "a" { config { image = "${E}" } } } }\n`
      .replaceAll(/ \{ /g, ' {\n')
      .replaceAll(' }', '\n}'),
  ),
  'a resource of Terraform': file('main.tf', `resource "docker_container" "a" {\n  name = "a"\n  image = "${E}"\n}\n`),
  'a variable of Terraform': file(
    'main.tf',
    `variable "tag" {\n  default = "1"\n}\nresource "docker_container" "a" {\n  image = "evil.example.com/app:\${var.tag}"\n}\n`,
  ),
  'a definition of ECS in Terraform': file(
    'main.tf',
    `resource "aws_ecs_task_definition" "a" {\n  container_definitions = jsonencode([{ name = "a", image = "${E}" }])\n}\n`,
  ),
  'a definition of ECS': file('task.json', `{"family":"a","containerDefinitions":[{"name":"a","image":"${E}"}]}\n`),
  'a pipeline of GitLab': file('.gitlab-ci.yml', `image: ${E}\nbuild:\n  script: make\n`),
  'a job of a pipeline of GitLab': file(
    '.gitlab-ci.yml',
    `build:\n  image:\n    name: ${E}\n    entrypoint: [""]\n  services: ["${S}"]\n  script: make\n`,
  ),
  'a service of a pipeline of GitLab': file(
    '.gitlab-ci.yml',
    `build:\n  image: ${S}\n  services: ["${E}"]\n  script: make\n`,
  ),
  'a pipeline of CircleCI': file(
    '.circleci/config.yml',
    `version: 2.1\njobs:\n  a:\n    docker: [{image: "${E}"}]\n    steps: [checkout]\n`,
  ),
  'a pipeline of Drone': file('.drone.yml', `kind: pipeline\ntype: docker\nsteps:\n- name: a\n  image: ${E}\n`),
  'a pipeline of Cloud Build': file('cloudbuild.yaml', `steps:\n- name: ${E}\n  args: [x]\n`),
  'a development container': file('.devcontainer/devcontainer.json', `// x\n{"image": "${E}",}\n`),
  'a development container by a Dockerfile': {
    '.devcontainer/devcontainer.json': `{"build": {"dockerfile": "Dockerfile", "args": {"B": "${E}"}}}\n`,
    '.devcontainer/Dockerfile': `ARG B=${S}\nFROM $B\n`,
  },
  'a bake file': file('docker-bake.hcl', `target "a" {\n  dockerfile-inline = "FROM ${E}"\n}\n`),
  'a context of a bake file': file(
    'docker-bake.hcl',
    `target "a" {\n  dockerfile-inline = "FROM base"\n  contexts = { base = "docker-image://${E}" }\n}\n`,
  ),
  'a variable of a bake file': file(
    'docker-bake.hcl',
    `variable "B" {\n  default = "${E}"\n}\ntarget "a" {\n  args = { B = B }\n  dockerfile-inline = "ARG B=${S}\\nFROM $B"\n}\n`,
  ),
  'a bake file that inherits': file(
    'docker-bake.hcl',
    `target "x" {\n  args = { B = "${E}" }\n}\ntarget "a" {\n  inherits = ["x"]\n  dockerfile-inline = "ARG B=${S}\\nFROM $B"\n}\n`,
  ),
  'a bake file as JSON': file('docker-bake.json', `{"target": {"a": {"dockerfile-inline": "FROM ${E}"}}}\n`),
  'a bake file under another name': file(
    'build.hcl',
    `group "default" {\n  targets = ["a"]\n}\ntarget "a" {\n  dockerfile-inline = "FROM ${E}"\n}\n`,
  ),
}
