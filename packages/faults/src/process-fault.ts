/** What can be done to the processes of a zone, with the signals that do it. */

/** `power-off` kills at once, `freeze` stops without a word; each names its way back. */
export const PROCESS_FAULTS = {
  'power-off': { signal: 'SIGKILL', summary: 'the processes of the zone die at once, mid-instruction' },
  freeze: { signal: 'SIGSTOP', summary: 'the processes of the zone stop where they are, connections open' },
} as const satisfies Record<string, { signal: NodeJS.Signals; summary: string }>;

export type ProcessFault = keyof typeof PROCESS_FAULTS;

export const isProcessFault = (name: string): name is ProcessFault => Object.hasOwn(PROCESS_FAULTS, name);
