import { Command } from 'commander'
import type { Finding } from '../finding.ts'
import { print } from './options.ts'

const sign = { ok: '✓', warning: '!', problem: '✗' } as const

const line = ({ level, what, detail, remedy }: Finding) =>
  `${sign[level]} ${what.padEnd(16)} ${detail}${remedy ? `\n${' '.repeat(19)}→ ${remedy}` : ''}`

/** `forewarn doctor`: checks what a start needs and says what to do. Exit code 1 when something would stop it. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check config, ports, disk, adapters and models, and say what to do')
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .option('--json', 'as one JSON line')
    .action(async (options: { config?: string; json?: boolean }) => {
      const { examine } = await import('../doctor.ts')
      const findings = await examine(options.config)
      print(options.json, findings, findings.map(line).join('\n'))
      if (findings.some((f) => f.level === 'problem')) process.exitCode = 1
    })
}
