import { styleText } from 'node:util';
import * as Flags from '@oclif/core/flags';
import type { Project } from '../../../config/project.ts';
import { planRun } from '../../../plan/plan-run.ts';
import type { RunPlan } from '../../../plan/step.ts';
import { BaseCommand } from '../../base-command.ts';
import { diagramOf } from '../../graph/diagram.ts';
import { type GraphData, graphData } from '../../graph/graph-data.ts';
import { graphMermaid } from '../../graph/graph-mermaid.ts';
import { graphSvg } from '../../graph/graph-svg.ts';
import { graphText } from '../../graph/graph-text.ts';
import { printResult } from '../../rows.ts';
import { SELECTION_FLAGS } from '../../run-flags.ts';

const FORMATS = ['text', 'mermaid', 'svg', 'json'] as const;
type Format = (typeof FORMATS)[number];

export default class MappingGraph extends BaseCommand {
  static override summary = 'Show in which order the mappings run, and why.';
  static override description =
    'Phases from first to last, in them the steps, and from each step a line to every one that needs it, with the link ' +
    'that makes it so. Nothing is read but the YAML. The picture (svg) is one file without scripts that follows the ' +
    "reader's light or dark page; mermaid is for Markdown pages that draw it.";
  static override examples = [
    '<%= config.bin %> mapping graph',
    '<%= config.bin %> mapping graph --output-file order.svg',
    '<%= config.bin %> mapping graph --select +students --format mermaid',
  ];
  static override flags = {
    ...SELECTION_FLAGS,
    format: Flags.option({
      options: FORMATS,
      summary: 'How the order is drawn. Default: as the ending of the file says (.svg, .mmd, .json), else text.',
    })(),
    'output-file': Flags.string({ summary: 'Write to this file instead of standard output.' }),
  };

  async run(): Promise<GraphData> {
    const { flags } = await this.parse(MappingGraph);
    const { readProject } = await import('../../../app.ts');
    const project = await readProject(flags.config ?? null);
    const plan = planRun(project, {
      select: flags.select ?? [],
      exclude: flags.exclude ?? [],
      phase: flags.phase ?? null,
    });
    const file = flags['output-file'];
    const format = flags.format ?? formatOf(file);
    if (file !== undefined || !this.jsonEnabled()) printResult(drawn(plan, project, format, file === undefined), file);
    return graphData(plan);
  }
}

function formatOf(file: string | undefined): Format {
  const ending = /\.(?<ending>[a-z]+)$/u.exec(file ?? '')?.groups?.['ending'];
  if (ending === 'mmd' || ending === 'mermaid') return 'mermaid';
  return FORMATS.find((format) => format === ending) ?? 'text';
}

function drawn(plan: RunPlan, { name }: Project, format: Format, forTerminal: boolean): string {
  switch (format) {
    case 'text':
      return graphText(diagramOf(plan), forTerminal ? coloured : plain);
    case 'mermaid':
      return graphMermaid(diagramOf(plan));
    case 'svg':
      return graphSvg(diagramOf(plan), `${name}: the order of its imports`);
    case 'json':
      return `${JSON.stringify(graphData(plan), null, 2)}\n`;
  }
}

const LANE_COLOURS = ['blue', 'yellow', 'green', 'magenta', 'red', 'cyan'] as const;

/** Neighbours in the order have different colours; none without a terminal, or with NO_COLOR. */
function coloured(text: string, ordinal: number): string {
  return styleText(LANE_COLOURS[ordinal % LANE_COLOURS.length] ?? 'blue', text, { stream: process.stdout });
}

function plain(text: string): string {
  return text;
}
