import type { Case } from './names'

/** What people have in their repositories: the files, the images of the first one, and how many names stay open. */
export interface Honest {
  readonly files: Case
  readonly images: readonly string[]
  /** Names that only a run of the tool would tell; 0 where not given. */
  readonly open?: number
}

export const HONEST: Readonly<Record<string, Honest>> = {
  'a Dockerfile with arguments and stages': {
    files: {
      Dockerfile: `# syntax=docker/dockerfile:1.7\nARG NODE=22\nARG REGISTRY=ghcr.io/team\nFROM --platform=$BUILDPLATFORM node:\${NODE}-alpine AS build\nWORKDIR /app\nRUN --mount=type=cache,target=/root/.npm npm ci\nFROM \${REGISTRY}/base:1 AS run\nCOPY --from=build /app /app\nCOPY --from=ghcr.io/astral-sh/uv:0.5 /uv /bin/\nRUN echo $(date) \${x%.*}\nCMD ["node", "x.js"]\n`,
    },
    images: ['docker/dockerfile:1.7', 'ghcr.io/astral-sh/uv:0.5', 'ghcr.io/team/base:1', 'node:22-alpine'],
  },
  'a Dockerfile with a suffix that may be empty': {
    files: { Dockerfile: `ARG SUFFIX\nFROM mcr.microsoft.com/dotnet/sdk:8.0\${SUFFIX}\n` },
    images: ['mcr.microsoft.com/dotnet/sdk:8.0'],
  },
  'a Dockerfile that needs an argument': { files: { Dockerfile: `ARG BASE\nFROM $BASE\n` }, images: [], open: 1 },
  'a Dockerfile for each architecture': {
    files: {
      Dockerfile: `FROM alpine:3.20 AS base\nFROM base AS build-amd64\nFROM base AS build-arm64\nFROM build-\${TARGETARCH}\n`,
    },
    images: ['alpine:3.20'],
    open: 0,
  },
  'an image from scratch': {
    files: { Dockerfile: `FROM golang:1.23 AS b\nFROM scratch\nCOPY --from=b /x /x\n` },
    images: ['golang:1.23'],
  },
  'a compose project with an .env': {
    files: {
      'compose.yaml': `services:\n  web:\n    image: ghcr.io/team/web:\${TAG:-latest}\n    ports: ["8080:80"]\n    env_file: [web.env]\n    depends_on: [db]\n  db:\n    image: postgres:\${PG:?needed}\n    volumes: [data:/var/lib/postgresql/data]\n    healthcheck: {test: ["CMD-SHELL", "pg_isready -U $$USER"]}\nvolumes: {data: {}}\n`,
      '.env': `TAG=1.4\nPG=17\n`,
    },
    images: ['ghcr.io/team/web:1.4', 'postgres:17'],
  },
  'a compose project with builds and profiles': {
    files: {
      'docker-compose.yml': `version: "3.9"\nx-common: &c\n  restart: always\nservices:\n  api:\n    <<: *c\n    build: {context: ./api, target: run}\n  tools:\n    profiles: [tools]\n    image: alpine:3.20\n`,
      'api/Dockerfile': `FROM golang:1.23 AS build\nFROM debian:12 AS run\n`,
    },
    images: ['alpine:3.20', 'debian:12', 'golang:1.23'],
  },
  'an overlay of compose alone': {
    files: { 'compose.prod.yaml': `services:\n  web:\n    ports: ["80:80"]\n` },
    images: [],
  },
  'a compose project with a provider': {
    files: {
      'compose.yaml': `services:\n  web:\n    image: nginx:1.27\n  model:\n    provider: {type: model, options: {model: ai/smollm2}}\n`,
    },
    images: ['nginx:1.27'],
  },
  'a compose project with a Dockerfile inside': {
    files: {
      'compose.yaml': `services:\n  web:\n    build:\n      context: .\n      dockerfile_inline: |\n        FROM alpine:3.20\n        RUN echo $(date) $1 "$$HOME"\n`,
    },
    images: ['alpine:3.20'],
  },
  'objects of Kubernetes': {
    files: {
      'all.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      initContainers:\n      - name: i\n        image: busybox:1.36\n      containers:\n      - name: web\n        image: ghcr.io/team/web:1.2\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  image: "x y z"\n  page.html: "<img src=image.png>"\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {image: "no name at all!"}\n`,
    },
    images: ['busybox:1.36', 'ghcr.io/team/web:1.2'],
  },
  'objects without images': {
    files: {
      'svc.yaml': `apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n---\n# nothing\n---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\n`,
    },
    images: [],
  },
  'a definition of custom resources': {
    files: {
      'crd.yaml': `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b.c}\nspec:\n  versions:\n  - schema:\n      openAPIV3Schema:\n        properties:\n          image: {type: string, description: "The image, e.g. x:1"}\n`,
    },
    images: [],
  },
  'a job that is made every day': {
    files: {
      'cron.yml': `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec:\n  schedule: "0 0 * * *"\n  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "ghcr.io/team/job@sha256:${'a'.repeat(64)}"}]}}}}\n`,
    },
    images: [`ghcr.io/team/job@sha256:${'a'.repeat(64)}`],
  },
  'a gateway of Istio': {
    files: {
      'gw.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: gw}\nspec:\n  template:\n    metadata: {annotations: {inject.istio.io/templates: gateway}}\n    spec: {containers: [{name: istio-proxy, image: auto}]}\n`,
    },
    images: [],
    open: 1,
  },
  'a workflow': {
    files: {
      '.github/workflows/ci.yml': `name: CI\non: {push: {branches: [main]}}\nenv: {image: "not one"}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    container:\n      image: node:22\n      credentials: {username: "\${{ github.actor }}", password: "\${{ secrets.T }}"}\n    services:\n      db: {image: "postgres:17", ports: ["5432:5432"]}\n    steps:\n    - uses: actions/checkout@v5\n    - uses: docker://alpine:3.20\n    - run: docker run \${{ env.image }}\n  call:\n    uses: ./.github/workflows/other.yml\n    with: {image: x}\n`,
    },
    images: ['alpine:3.20', 'node:22', 'postgres:17'],
  },
  'a workflow with a matrix': {
    files: {
      '.github/workflows/m.yml': `on: push\njobs:\n  a:\n    runs-on: \${{ matrix.os }}\n    strategy:\n      matrix:\n        node: [20, 22]\n        os: [ubuntu-latest]\n        include: [{node: 24, os: ubuntu-latest}]\n    container: node:\${{ matrix.node }}-alpine\n    steps: []\n`,
    },
    images: ['node:20-alpine', 'node:22-alpine', 'node:24-alpine'],
  },
  'a workflow with an input': {
    files: {
      '.github/workflows/i.yml': `on: {workflow_call: {inputs: {image: {type: string}}}}\njobs:\n  a:\n    runs-on: x\n    container: \${{ inputs.image }}\n    steps: []\n`,
    },
    images: [],
    open: 1,
  },
  'a development container': {
    files: {
      '.devcontainer/devcontainer.json': `// For format details\n{\n  "name": "x",\n  "image": "mcr.microsoft.com/devcontainers/base:bookworm", // the base\n  "features": {"ghcr.io/devcontainers/features/node:1": {}},\n}\n`,
    },
    images: ['mcr.microsoft.com/devcontainers/base:bookworm'],
  },
  'a development container by compose': {
    files: {
      '.devcontainer/devcontainer.json': `{"dockerComposeFile": ["../compose.yaml"], "service": "web"}\n`,
      'compose.yaml': `services: {web: {image: "debian:12"}}\n`,
    },
    images: ['debian:12'],
  },
  'a bake file': {
    files: {
      'docker-bake.hcl': `variable "TAG" {\n  default = "1"\n}\ngroup "default" {\n  targets = ["app"]\n}\nfunction "x" {\n  params = [a]\n  result = a\n}\ntarget "app" {\n  context = "."\n  tags = ["ghcr.io/team/app:\${TAG}"]\n  platforms = ["linux/amd64", "linux/arm64"]\n  args = { NODE = "22" }\n}\n`,
      Dockerfile: `ARG NODE=20\nFROM node:\${NODE}\n`,
    },
    images: ['node:22'],
  },
  'a bake file with a matrix': {
    files: {
      'docker-bake.hcl': `target "app" {\n  name = "app-\${v}"\n  matrix = { v = ["20", "22"] }\n  args = { NODE = v }\n  tags = ["x:\${v}"]\n}\n`,
      Dockerfile: `ARG NODE=18\nFROM node:\${NODE}\n`,
    },
    images: ['node:20', 'node:22'],
  },
  'a job of Nomad': {
    files: {
      'web.nomad.hcl': `variable "tag" {\n  type = string\n  default = "1"\n}\njob "web" {\n  datacenters = ["dc1"]\n  group "web" {\n    network {\n      port "http" {}\n    }\n    task "web" {\n      driver = "docker"\n      config {\n        image = "ghcr.io/team/web:\${var.tag}"\n        ports = ["http"]\n      }\n      env {\n        NODE = "\${node.unique.name}"\n      }\n    }\n  }\n}\n`,
    },
    images: ['ghcr.io/team/web:1'],
  },
  'resources of Terraform without images': {
    files: {
      'main.tf': `resource "aws_instance" "a" {\n  ami = "ami-1"\n  image_id = data.aws_ami.x.id\n  tags = { Name = "x" }\n}\n`,
    },
    images: [],
  },
  'values of a chart': {
    files: {
      'values-prod.yaml': `replicaCount: 2\nimage:\n  repository: ghcr.io/team/web\n  tag: "1.4"\n  pullPolicy: IfNotPresent\nimagePullSecrets: []\ningress: {enabled: true, hosts: [{host: a.b}]}\n`,
    },
    images: ['ghcr.io/team/web:1.4'],
  },
  'values without a tag': {
    files: { 'values-x.yaml': `image:\n  repository: ghcr.io/team/web\n  tag: ""\n  pullPolicy: Always\n` },
    images: ['ghcr.io/team/web'],
  },
  'an application of Argo CD': {
    files: {
      'app.yaml': `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  source:\n    repoURL: https://charts.example.com\n    chart: web\n    targetRevision: 1.0.0\n    helm: {valuesObject: {replicas: 2, image: {repository: ghcr.io/team/web, tag: "2"}}}\n`,
    },
    images: ['ghcr.io/team/web:2'],
  },
  'a policy of this project': {
    files: {
      'policy.yaml': `rules:\n- images: ["ghcr.io/team/**"]\n  keys: [cosign.pub]\n- images: ["docker.io/**"]\n  allow: unsigned\n  reason: base images\n`,
    },
    images: [],
  },
  'a policy of a cluster': {
    files: {
      'cip.yaml': `apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata: {name: a}\nspec:\n  images: [{glob: "ghcr.io/team/**"}]\n  authorities: [{key: {data: "x"}}]\n`,
    },
    images: [],
  },
  'a policy of Kyverno': {
    files: {
      'kyverno.yaml': `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: a}\nspec:\n  rules:\n  - name: x\n    match: {any: [{resources: {kinds: [Pod]}}]}\n    verifyImages: [{imageReferences: ["ghcr.io/team/*"]}]\n    validate: {message: "image: must be signed", pattern: {spec: {containers: [{image: "!*:latest"}]}}}\n`,
    },
    images: [],
  },
  'packages of JavaScript': {
    files: {
      'package.json': `{"name": "x", "scripts": {"build": "docker build ."}, "dependencies": {"image": "1.0.0"}, "services": {"a": "b"}}\n`,
    },
    images: [],
  },
  'settings of a program': {
    files: {
      'settings.yaml': `theme:\n  image: logo.png\n  background_image: /img/a.jpg\n  header: {image: "https://a.b/c"}\nservices:\n  a: {url: x}\n`,
    },
    images: [],
  },
  'a description of an interface': {
    files: {
      'openapi.yaml': `openapi: 3.0.0\ncomponents:\n  schemas:\n    Pet:\n      properties:\n        image: {type: string, example: a.png}\n`,
    },
    images: [],
  },
  'metadata of a library': {
    files: {
      'gapic_metadata.json': `{"schema": "1.0", "services": {"ImageService": {"clients": {"grpc": {"libraryClient": "A"}}}}}\n`,
    },
    images: [],
  },
  'code under a name like a Dockerfile': { files: { 'dockerfile.go': `package a\n\n// FROM x\n` }, images: [] },
  'a program in Python': { files: { 'a.py': `from os import path\nimage = load("x.png")\n` }, images: [] },
  'a text': { files: { 'notes.txt': `From here on, an image is worth a thousand words.\n` }, images: [] },
  'an empty file': { files: { 'empty.yaml': '' }, images: [] },
  'a file of comments': { files: { 'c.yaml': `# image: x:1\n# nothing\n` }, images: [] },
  'a list of changes': { files: { 'CHANGELOG.md': `# 1.0\n\n- image sizes\n` }, images: [] },
  'settings of Renovate': {
    files: {
      'renovate.json': `{"extends": ["config:recommended"], "packageRules": [{"matchDatasources": ["docker"]}]}\n`,
    },
    images: [],
  },
  'settings of Dependabot': {
    files: {
      '.github/dependabot.yml': `version: 2\nupdates:\n- package-ecosystem: docker\n  directory: /\n  schedule: {interval: weekly}\n`,
    },
    images: [],
  },
  'a dump of Prometheus rules': {
    files: {
      'rules.yaml': `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: a}\nspec: {groups: [{name: x, rules: [{alert: A, expr: 'up{image="x"} == 0'}]}]}\n`,
    },
    images: [],
  },
  'quoted text over several lines': {
    files: {
      's.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: nginx:1.27\n    args: ["a\nb"]\n`,
    },
    images: ['nginx:1.27'],
  },
  'a task of Tekton': {
    files: {
      't.yaml': `apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: a}\nspec:\n  params: [{name: tag, default: "1"}]\n  steps:\n  - image: golang:1.23\n    script: |\n      echo $(params.tag)\n`,
    },
    images: ['golang:1.23'],
  },
  'a template of a workflow of Argo': {
    files: {
      'w.yaml': `apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: a-}\nspec:\n  templates:\n  - name: a\n    container: {image: "alpine:3.20", command: [sh, -c], args: ["echo {{inputs.parameters.x}}"]}\n`,
    },
    images: ['alpine:3.20'],
  },
}
