import { type Copy, DockerfileParser, type Instruction } from 'dockerfile-ast'

interface Stage {
  readonly name: string
  readonly image: string
  readonly instructions: readonly Instruction[]
}

export interface Dockerfile {
  readonly stages: readonly Stage[]
  readonly last: Stage
}

export function parseDockerfile(text: string): Dockerfile {
  const stages: { name: string; image: string; instructions: Instruction[] }[] = []
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const [image = '', , name = ''] = wordsOf(instruction)
      stages.push({ name, image, instructions: [] })
    } else stages.at(-1)?.instructions.push(instruction)
  }
  return { stages, last: stages.at(-1) ?? { name: '', image: '', instructions: [] } }
}

const wordsOf = (instruction: Instruction) => instruction.getArguments().map((one) => one.getValue())
const all = ({ stages }: Dockerfile) => stages.flatMap(({ instructions }) => instructions)
const named = (instructions: readonly Instruction[], keyword: string) =>
  instructions.filter((one) => one.getKeyword() === keyword)
const textOf = (instruction: Instruction) => instruction.getRawArgumentsContent() ?? ''

type Rule = (file: Dockerfile) => boolean

/** A rule holds or does not. */
export const dockerfileRules: Readonly<Record<string, Rule>> = {
  'several stages': ({ stages }) => stages.length >= 2,
  'the same exact Debian image of Node 20 everywhere': ({ stages }) =>
    new Set(stages.map(({ image }) => image)).size === 1 &&
    stages.every(({ image }) => /^node:20\.\d+\.\d+-bookworm-slim$/.test(image)),
  'a numeric user that is not root, at the end': ({ last }) =>
    /^[1-9]\d*:[1-9]\d*$/.test(textOf(named(last.instructions, 'USER').at(-1) ?? noInstruction)),
  'nothing runs as root after the user is set': ({ last }) => {
    const at = last.instructions.findIndex((one) => one.getKeyword() === 'USER')
    return named(last.instructions.slice(at), 'RUN').length === 0
  },
  'nothing fetched by ADD': (file) => named(all(file), 'ADD').length === 0,
  'no secrets': (file) =>
    [...named(all(file), 'ENV'), ...named(all(file), 'ARG')].every(
      (one) => !/PASSWORD|TOKEN|SECRET|KEY/i.test(textOf(one)),
    ),
  'a health check': ({ last }) =>
    named(last.instructions, 'HEALTHCHECK').some((one) => textOf(one).includes('CMD')),
  'what was built comes from other stages': ({ last, stages }) => {
    const copies = named(last.instructions, 'COPY') as Copy[]
    const from = copies.flatMap((one) => one.getFlags().map((flag) => flag.getValue()))
    return from.length >= 2 && from.every((name) => stages.some((stage) => stage.name === name))
  },
  'nothing of the sources but what runs': ({ last }) =>
    named(last.instructions, 'COPY').every((one) => wordsOf(one).every((word) => word !== '.')),
  'packages by the lock file': (file) =>
    named(all(file), 'RUN').some((one) => /npm ci --omit=dev/.test(textOf(one))),
  'tfjs-node at the version of tfjs-core': (file) =>
    named(all(file), 'RUN').some((one) => /npm install .*@tensorflow\/tfjs-node@4\.22\.0/.test(textOf(one))),
  'a build that fails where tfjs-node does not compute': (file) =>
    named(all(file), 'RUN').some((one) =>
      /require\('@tensorflow\/tfjs-node'\).*process\.exit\(1\)/s.test(textOf(one)),
    ),
  'Node as process 1, stopped by SIGTERM': ({ last }) =>
    /^\["node", /.test(textOf(named(last.instructions, 'ENTRYPOINT').at(-1) ?? noInstruction)) &&
    textOf(named(last.instructions, 'STOPSIGNAL').at(-1) ?? noInstruction) === 'SIGTERM',
}

/** Stands for one that is missing. */
const noInstruction = DockerfileParser.parse('RUN').getInstructions()[0]!

export const dockerfileProblems = (text: string): string[] => {
  const file = parseDockerfile(text)
  return Object.entries(dockerfileRules).flatMap(([rule, holds]) => (holds(file) ? [] : [rule]))
}
