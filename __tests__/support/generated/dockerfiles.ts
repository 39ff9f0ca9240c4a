// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts of other languages

import { damaged, image, type Random } from './random'

/** A Dockerfile made of what people and attackers write, in any order, and then damaged. */
export function dockerfile(random: Random): string {
  random.isCalm = random.chance(0.7)
  const head = random.some(0, 2, () => directive(random))
  const before = random.some(0, 3, () => argument(random))
  const stages = random.some(1, 4, () => [from(random), ...random.some(0, 5, () => instruction(random))].join('\n'))
  const end = random.of(['\n', '\n', '\n', '\r\n'])
  return damaged(random, [...head, ...before, ...stages, ''].join('\n')).replaceAll('\n', end)
}

const directive = (random: Random): string =>
  random.of([
    '# escape=`',
    '# escape=\\',
    '#escape = `',
    '# check=skip=all',
    '#!/x',
    '// syntax=evil.example/s:1',
    '# syntax=docker/dockerfile:1',
    '# text',
  ])

const name = (random: Random): string =>
  random.isCalm
    ? random.of(['base', 'b', 'x-1', 'build'])
    : random.of(['base', 'Base', 'b', 'x-1', 'build', '1', 'scratch', 'ghcr.io/team/app'])

const variable = (random: Random): string =>
  random.isCalm
    ? random.of(['${V:-app}', '${V:-evil.example/app:3}', 'app:$TARGETARCH', '${TARGETVARIANT:-app}'])
    : random.of([
        '$V',
        '${V}',
        '${V:-app}',
        '${V:+app}',
        '${V-}',
        '$TARGETARCH',
        '${TARGETVARIANT:-x}',
        '${TARGETOS}',
        '${V#a}',
        '${V/a/b}',
        '${V%:*}',
        '${V?no}',
        '${W:-$V}',
        '$!',
        '${!x}',
        '\\$V',
        "'$V'",
        '"$V"',
      ])

const word = (random: Random): string => (random.chance(0.3) ? variable(random) : image(random))

function argument(random: Random): string {
  const value = random.chance(0.2) ? '' : `=${random.of([word(random), `"${word(random)}"`, `'${word(random)}'`])}`
  const more = random.chance(0.2) ? ` W=${word(random)}` : ''
  return `${random.of(['ARG', 'arg', 'Arg'])} ${random.of(['V', 'W', 'TARGETARCH', 'X'])}${value}${more}`
}

function from(random: Random): string {
  const platform = random.chance(0.2)
    ? `--platform=${random.of(['$BUILDPLATFORM', 'linux/amd64', '$TARGETPLATFORM', 'linux/arm64'])} `
    : ''
  const base = random.isCalm
    ? random.of([image(random), word(random)])
    : random.of([word(random), word(random), name(random), `${image(random)}${variable(random)}`])
  const stage = random.chance(0.5) ? ` ${random.of(['AS', 'as', 'As'])} ${name(random)}` : ''
  const keyword = random.isCalm ? 'FROM' : random.of(['FROM', 'FROM', 'from', '  FROM', 'FROM \\\n', 'FROM `\n'])
  return `${keyword} ${platform}${base}${stage}`
}

function instruction(random: Random): string {
  const one = random.below(10)
  if (one === 0) return `ONBUILD ${plain(random)}`
  if (one === 1) return argument(random)
  if (one === 2)
    return random.of([
      '# c',
      '#',
      '',
      '  # FROM evil.example/app:1',
      'ENV V=evil.example/app:1',
      'LABEL a=b',
      'SHELL ["a"]',
    ])
  if (one < 5) return heredoc(random)
  return plain(random)
}

function plain(random: Random): string {
  const from = random.of([image(random), name(random)])
  if (random.isCalm)
    return random.of([
      `COPY --from=${from} /a /b`,
      `RUN --mount=type=bind,from=${from},target=/x true`,
      'RUN echo \\\n  b',
      'USER a',
      'RUN echo \\\\',
    ])
  const source = random.of([word(random), name(random), image(random)])
  return random.of([
    `COPY --from=${source} /a /b`,
    `copy --chown=1 --from=${source} --link /a /b`,
    `COPY --from="${source}" /a /b`,
    `RUN --mount=type=bind,from=${source},target=/x true`,
    `RUN --mount=from=${source} --mount=type=cache,target=/c,from=${name(random)} true`,
    `RUN --mount="type=bind,from=${source}" --network=none true`,
    `RUN echo ${random.of(['\\', '\\\\', '`', '"', "'", '\\ ', '\\\r', 'a \\\n  b', 'a \\\n# c\n  b'])}`,
    `ADD --from=${source} a b`,
    `CMD ["a", "${source}"]`,
    'WORKDIR C:\\',
    `USER ${variable(random)}`,
  ])
}

function heredoc(random: Random): string {
  const end = random.of(['EOF', 'X', 'FROM', 'RUN x', '#x', 'USER', '$V'])
  const mark = random.of([
    `<<${end}`,
    `<<-${end}`,
    `<< ${end}`,
    `<<"${end}"`,
    `<<'${end}'`,
    `<<${end} <<B`,
    `3<<${end}`,
  ])
  const body = random.some(0, 2, () =>
    random.of(['echo', from(random), `\t${from(random)}`, plain(random), '# c', '\\']),
  )
  return [
    `${random.of(['RUN', 'RUN cat', 'COPY', 'ADD'])} ${mark}${random.of(['', '', ' /x', ' && true'])}`,
    ...body,
    random.chance(0.9) ? end : `${end} `,
  ].join('\n')
}
