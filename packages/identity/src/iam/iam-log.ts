/** IAM's log as services see it: they read the state, propose changes, and wait until the state is up to date. */
import type { Replica } from '@stormglass/replicated-state';
import type { IamCommand } from './commands.ts';
import type { IamResult } from './result.ts';
import type { IamView } from './view.ts';

/** In a region that mirrors IAM `execute` refuses everything. */
export type IamLog = Pick<Replica<IamCommand, IamResult, IamView>, 'view' | 'execute' | 'upToDate'>;
