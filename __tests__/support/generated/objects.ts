// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts of other languages

import { damaged, image, type Random } from './random'

const indented = (text: string, by: number): string => text.replaceAll('\n', `\n${' '.repeat(by)}`)

function container(random: Random): string {
  const name = random.of([
    image(random),
    `"${image(random)}"`,
    `'${image(random)}'`,
    `|-\n    ${image(random)}`,
    `>-\n    ${image(random)}`,
    `&i ${image(random)}`,
  ])
  const key = random.of(['image', 'image', 'image', '"image"', '!!str image', 'Image', '!!binary aW1hZ2U='])
  return `- name: ${random.of(['a', 'b', 'app'])}\n  ${key}: ${name}`
}

function spec(random: Random): string {
  const lists = random.some(1, 2, () => {
    const key = random.of(['containers', 'initContainers', 'ephemeralContainers', 'containers: !!seq'])
    return `${key}${key.includes(':') ? '' : ':'}\n${random.some(1, 2, () => container(random)).join('\n')}`
  })
  return random.chance(0.1) ? `${lists.join('\n')}\n<<: {containers: [{image: "${image(random)}"}]}` : lists.join('\n')
}

function object(random: Random): string {
  const pod = `spec:\n  ${indented(spec(random), 2)}`
  return random.of([
    `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n${pod}`,
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    ${indented(pod, 4)}`,
    `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  ${indented(pod, 2)}`,
    `apiVersion: x.example/v1\nkind: Runner\nmetadata: {name: r}\nspec: {image: "${image(random)}", list: [{image: ${image(random)}}]}`,
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: &e {image: "${image(random)}"}`,
    `{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "${image(random)}"}]}}`,
    `image: {registry: ghcr.io, repository: ${image(random)}, tag: ${random.of(['"1"', '1.10', '', 'v2', '0x1'])}}`,
    `- op: replace\n  path: /spec/containers/0/image\n  value: ${image(random)}`,
  ])
}

/** A stream of objects, damaged. */
export function objects(random: Random): string {
  return damaged(
    random,
    `${random.some(1, 3, () => object(random)).join(random.of(['\n---\n', '\n--- # x\n', '\n...\n---\n', '\n']))}\n`,
  )
}

/** A workflow or an action, damaged. */
export function workflow(random: Random): string {
  const step = (): string =>
    random.of([
      `- uses: docker://${image(random)}`,
      `- uses: DOCKER://${image(random)}`,
      '- run: echo',
      '- uses: ./a',
      '- uses: ${{ x }}',
    ])
  const job = (): string =>
    `${random.of(['a', 'b'])}:\n  runs-on: x\n  container: ${random.of([image(random), `{image: ${image(random)}}`, `\n    image: ${image(random)}`, '${{ x }}'])}\n  services: {db: {image: ${image(random)}}}\n  steps:\n  ${indented(random.some(0, 3, step).join('\n'), 2)}`
  return damaged(random, `on: push\njobs:\n  ${indented(random.some(1, 2, job).join('\n'), 2)}\n`)
}

/** A compose project, damaged. */
export function compose(random: Random): string {
  const service = (): string => {
    const keys = random.some(1, 3, () =>
      random.of([
        `image: ${image(random)}`,
        `image: "${random.of(['${V}', '${V:-app}', '${V-ghcr.io/team/app}', '$V', '$$V', '${V:?no}', '${V:+x}'])}"`,
        `build: {context: ., args: {B: ${image(random)}}, dockerfile_inline: "FROM ${image(random)}"}`,
        `build:\n  context: .\n  additional_contexts: {b: "docker-image://${image(random)}"}\n  cache_from: [${image(random)}]`,
        `volumes: [{type: image, source: ${image(random)}, target: /x}]`,
        `extends: {service: ${random.of(['a', 'b'])}}`,
        `profiles: [${random.of(['p', '"*"'])}]`,
        '<<: *x',
        'deploy: {replicas: 2}',
        'provider: {type: x}',
      ]),
    )
    return `${random.of(['a', 'b', 'c'])}:\n  ${indented(keys.join('\n'), 2)}`
  }
  const services = `services:\n  ${indented(random.some(1, 3, service).join('\n'), 2)}`
  const text = random.chance(0.3) ? `x-a: &x {image: ${image(random)}}\n${services}` : services
  return damaged(random, random.chance(0.1) ? `${text}\n---\nservices: {a: {image: ${image(random)}}}\n` : `${text}\n`)
}

/** A bake file or another file of HCL, damaged. */
export function hcl(random: Random): string {
  const target = (): string =>
    `target "${random.of(['a', 'b'])}" {\n  inherits = ["${random.of(['a', 'b', 'c'])}"]\n  contexts = { x = "docker-image://${image(random)}" }\n  args = { V = "${image(random)}" }\n  dockerfile-inline = "FROM ${image(random)}"\n}`
  const task = (): string => `job "x" {\n  task "y" {\n    config { image = "${image(random)}" }\n  }\n}`
  return damaged(
    random,
    `variable "V" { default = "1" }\n${random.some(1, 3, () => random.of([target, task])()).join('\n')}\n`,
  )
}
