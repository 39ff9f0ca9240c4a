import { type Cases, compose, EVIL as E, SIGNED as S, workflow } from './names'

/** What a job sets besides; see the test. */
export const VARIABLES = { AWS_REGION: 'eu-west-1', ENV: 'prod', NODE_VERSION: '22', GOOGLE_PROJECT: 'p' }

export const PROJECTS: Cases = {
  // Ends of lines, tags
  'a service behind a return': compose(`services:\n  a:\n    image: ${S}\n  #\r  b:\r    image: ${E}\n`),
  'a service behind a next line': compose(`services:\n  a:\n    image: ${S}\n  #\u0085  b:\u0085    image: ${E}\n`),
  'a binary key': compose(`services:\n  a:\n    build: .\n    !!binary aW1hZ2U=: ${E}\n`, {
    Dockerfile: `FROM ${S}\n`,
  }),
  'binary services': compose(`!!binary c2VydmljZXM=:\n  a:\n    image: ${E}\n`),
  'a merge key': compose(`x-a: &a {image: ${E}}\nservices:\n  a:\n    <<: *a\n`),
  // Variables
  'the name of the project': compose(
    `services:\n  a:\n    image: "\${COMPOSE_PROJECT_NAME:+evil.example.com/}app:1"\n`,
  ),
  'a variable of the job that a tool would not get': compose(
    `services:\n  a:\n    image: "\${AWS_REGION:+evil.example.com/}app:1"\n`,
  ),
  'another variable of the job': compose(`services:\n  a:\n    image: "\${ENV:+evil.example.com/}app:1"\n`),
  'a variable of a family that is withheld': compose(
    `services:\n  a:\n    image: "\${NODE_VERSION:+evil.example.com/}app:1"\n`,
  ),
  'a second statement of a line': compose(`services:\n  a:\n    image: \${IMG:-${S}}\n`, {
    '.env': `X="a" IMG=${E}\n`,
  }),
  'a value behind a quote': compose(`services:\n  a:\n    image: \${IMG:-${S}}\n`, {
    '.env': `IMG=${S}\nA='x' IMG=${E}\n`,
  }),
  'a comment that ends by a return': compose(`services:\n  a:\n    image: \${IMG:-${S}}\n`, {
    '.env': `IMG=${E}\n# c\rIMG=${S}\n`,
  }),
  'a hard blank behind a name': compose(`services:\n  a:\n    image: \${IMG:-${S}}\n`, {
    '.env': `IMG=${S}\nIMG\u00a0=${E}\n`,
  }),
  'a long value': compose(`services:\n  a:\n    image: \${IMG:-${S}}\n`, {
    '.env': `X=${'x'.repeat(5000)}\nIMG=${E}\n`,
  }),
  'an exported value': compose(`services:\n  a:\n    image: \${IMG:-${S}}\n`, { '.env': `export IMG=${E}\n` }),
  'a value with a colon': compose(`services:\n  a:\n    image: \${IMG:-${S}}\n`, { '.env': `IMG: ${E}\n` }),
  'a value made of another': compose(`services:\n  a:\n    image: \${IMG:-${S}}\n`, {
    '.env': `H=evil.example.com\nIMG=\${H}/app:1\n`,
  }),
  'an .env that cannot be read': compose(`services:\n  a:\n    image: \${IMG:-${S}}\n`, {
    '.env': `IMG=${E}\n]broken line[\n`,
  }),
  'braces inside of braces': compose(`services:\n  a:\n    image: "evil.example.com/app\${U+{}}/signed:1\${U-}"\n`),
  'a name with an unset variable behind': compose(`services:\n  a:\n    image: ${E}\${NOPE}\n`),
  // Builds
  'an argument of a build': compose(
    `services:\n  a:\n    build: {context: ., args: {BASE: "${E}"}, dockerfile_inline: "ARG BASE=${S}\\nFROM $$BASE"}\n`,
  ),
  'an argument of a build as a list': compose(
    `services:\n  a:\n    build: {context: ., args: ["BASE=${E}"], dockerfile_inline: "ARG BASE=${S}\\nFROM $$BASE"}\n`,
  ),
  'an argument for a Dockerfile that is named': compose(
    `services:\n  a:\n    build: {context: ., dockerfile: d/Dockerfile, args: {BASE: "${E}"}}\n`,
    { 'd/Dockerfile': `ARG BASE=${S}\nFROM $BASE\n` },
  ),
  'a Dockerfile that is named': compose(`services:\n  a:\n    build: {context: d, dockerfile: odd}\n`, {
    'd/odd': `FROM ${E}\n`,
  }),
  'a build without more words': compose(`services:\n  a:\n    build: d\n`, { 'd/Dockerfile': `FROM ${E}\n` }),
  'a further context': compose(
    `services:\n  a:\n    build: {context: ., additional_contexts: {base: "docker-image://${E}"}, dockerfile_inline: "FROM base"}\n`,
  ),
  'a further context from a variable': compose(
    `services:\n  a:\n    build: {context: ., additional_contexts: {base: "\${P:-docker-image://${E}}"}, dockerfile_inline: "FROM base"}\n`,
  ),
  'a further context with a variable in its scheme': compose(
    `services:\n  a:\n    build: {context: ., additional_contexts: {base: "docker-\${X:-image}://${E}"}, dockerfile_inline: "FROM base"}\n`,
  ),
  'a cache': compose(
    `services:\n  a:\n    image: ${S}\n    build: {context: ., dockerfile_inline: "FROM ${S}", cache_from: ["${E}"]}\n`,
  ),
  // Mounts
  'an image as a volume': compose(
    `services:\n  a:\n    image: ${S}\n    volumes: [{type: image, source: "${E}", target: /x}]\n`,
  ),
  'an image as a volume by a variable': compose(
    `services:\n  a:\n    image: ${S}\n    volumes: [{type: "\${T:-image}", source: "${E}", target: /x}]\n`,
  ),
  // Several files and documents
  'volumes of a second document': compose(
    `services:\n  a:\n    image: ${S}\n    volumes: [{type: image, source: "${E}", target: /x}]\n---\nservices:\n  a:\n    volumes: [./x:/y]\n`,
  ),
  'contexts of a second document': compose(
    `services:\n  a:\n    build: {additional_contexts: {b: "docker-image://${E}"}, dockerfile_inline: "FROM ${S}"}\n---\nservices:\n  a:\n    build: {context: .}\n`,
  ),
  'a service that is extended': compose(`services:\n  a:\n    extends: {file: b.yaml, service: x}\n`, {
    'b.yaml': `services:\n  x:\n    image: ${E}\n`,
  }),
  'volumes of a service that is extended': compose(
    `services:\n  a:\n    image: ${S}\n    extends: {file: b.yaml, service: x}\n    volumes: [./x:/y]\n`,
    { 'b.yaml': `services:\n  x:\n    volumes: [{type: image, source: "${E}", target: /x}]\n` },
  ),
  'a file that is included': compose(`include: [c.yaml]\nservices:\n  a:\n    image: ${S}\n`, {
    'c.yaml': `services:\n  b:\n    image: ${E}\n`,
  }),
  'a file that is included with its own variables': compose(
    `include: [{path: s/c.yaml, env_file: [v]}]\nservices:\n  a:\n    image: ${S}\n`,
    { 's/c.yaml': `services:\n  b:\n    image: \${IMG:-${S}}\n`, v: `IMG=${E}\n` },
  ),
  'an overlay': compose(`services:\n  a:\n    image: ${S}\n`, {
    'compose.override.yaml': `services:\n  a:\n    image: ${E}\n`,
  }),
  'a service of a profile': compose(`services:\n  a:\n    image: ${S}\n  b:\n    profiles: [x]\n    image: ${E}\n`),
  'a service that is taken out and put in again': compose(`services:\n  a: !reset null\n  b:\n    image: ${E}\n`),
  'a hook with an image': compose(`services:\n  a:\n    image: ${S}\n    pre_start: [{image: "${E}"}]\n`),
  'services of another name of a file': { 'stack.yml': `services:\n  a:\n    image: ${E}\n` },
  'a stack with a version': {
    'stack.yaml': `version: "3.8"\nservices:\n  a:\n    image: ${E}\n    deploy: {replicas: 2}\n`,
  },
  // Workflows
  'a container': workflow(`    container: ${E}\n    steps: []\n`),
  'a container with options': workflow(`    container: {image: "${E}"}\n    steps: []\n`),
  'a service': workflow(`    services: {db: {image: "${E}"}}\n    steps: []\n`),
  'a step': workflow(`    steps: [{uses: "docker://${E}"}]\n`),
  'a container behind a return': workflow(`    #\r    container: ${E}\n    steps: []\n`),
  'a step in a list of pairs': workflow(`    steps: !!omap\n    - uses: docker://${E}\n`),
  'a step in another case': workflow(`    steps: [{uses: "Docker://${E}"}]\n`),
  'services from an expression': workflow(`    services: \${{ fromJSON('{"db":{"image":"${E}"}}') }}\n    steps: []\n`),
  'a container from an expression': workflow(`    container: \${{ fromJSON('{"image":"${E}"}') }}\n    steps: []\n`),
  'an inserted expression': workflow(
    `    container: {\${{ insert }}: \${{ fromJSON('{"image":"${E}"}') }}}\n    steps: []\n`,
  ),
  'a matrix': workflow(
    `    strategy: {matrix: {image: ["${E}"]}}\n    container: \${{ matrix.image }}\n    steps: []\n`,
  ),
  'a workflow of Gitea': {
    '.gitea/workflows/a.yml': `on: push\njobs:\n  a:\n    container: {image: "${E}"}\n    steps: []\n`,
  },
  'a workflow of Forgejo': {
    '.forgejo/workflows/a.yaml': `on: push\njobs:\n  a:\n    container: ${E}\n    steps: []\n`,
  },
  'an action in a container': { 'action.yml': `name: a\nruns: {using: docker, image: "docker://${E}"}\n` },
  'an action by a Dockerfile': {
    'action.yml': `name: a\nruns: {using: docker, image: Dockerfile}\n`,
    Dockerfile: `FROM ${E}\n`,
  },
  'an action of steps': { 'action.yaml': `name: a\nruns: {using: composite, steps: [{uses: "docker://${E}"}]}\n` },
  'an action before and after its work': {
    'action.yml': `name: a\nruns: {using: docker, image: "docker://${S}", pre-entrypoint: x}\n# \rruns: {image: "docker://${E}"}\n`,
  },
}
