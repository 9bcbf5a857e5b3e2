/** Registers in the control plane: the description of a role, as in simulation, and a record of a hosted zone. */
import { CreateRoleCommand, GetRoleCommand, UpdateRoleCommand } from '@aws-sdk/client-iam';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
} from '@aws-sdk/client-route-53';
import { pick } from '@stormglass/base';
import { registersAreLinearizable } from '../checkers/registers.ts';
import type { Clients } from '../clients.ts';
import type { Found } from '../history.ts';
import type { Workload } from './workload.ts';

/** A place that holds one value. Reading what was never written gives the empty text. */
interface RegisterStore {
  prepare(clients: Clients): Promise<void>;
  write(clients: Clients, key: string, value: string): Promise<Found>;
  read(clients: Clients, key: string): Promise<Found>;
}

/** The role that everybody may assume; its description is a register as well. */
export const ROLES = ['alpha', 'beta', 'gamma', 'delta'] as const;
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});

const roles: RegisterStore = {
  async prepare({ iam }) {
    for (const RoleName of ROLES) await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
  },
  async write(clients, RoleName, Description) {
    return (await clients.ask(() => clients.iam.send(new UpdateRoleCommand({ RoleName, Description })))).found;
  },
  async read(clients, RoleName) {
    const { output, found } = await clients.ask(() => clients.iam.send(new GetRoleCommand({ RoleName })));
    return { ...found, value: output.Role?.Description ?? '' };
  },
};

const DOMAIN = 'chaos.example.';
const RECORDS = ['blue', 'green'].map(name => `${name}.${DOMAIN}`);

const records: RegisterStore = {
  async prepare({ names }) {
    await names.send(new CreateHostedZoneCommand({ Name: DOMAIN, CallerReference: DOMAIN }));
  },
  async write(clients, Name, value) {
    const ResourceRecordSet = { Name, Type: 'TXT' as const, TTL: 1, ResourceRecords: [{ Value: `"${value}"` }] };
    const HostedZoneId = await zoneId(clients);
    const Changes = [{ Action: 'UPSERT' as const, ResourceRecordSet }];
    const command = new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } });
    return (await clients.ask(() => clients.names.send(command))).found;
  },
  async read(clients, StartRecordName) {
    const command = new ListResourceRecordSetsCommand({
      ...{ HostedZoneId: await zoneId(clients), StartRecordName, StartRecordType: 'TXT', MaxItems: 1 },
    });
    const { output, found } = await clients.ask(() => clients.names.send(command));
    const record = output.ResourceRecordSets?.find(({ Name }) => Name === StartRecordName);
    return { ...found, value: record?.ResourceRecords?.[0]?.Value?.replaceAll('"', '') ?? '' };
  },
};

const zoneIds = new WeakMap<Clients, string>();

/** The id of the hosted zone, which a process asks for once. */
async function zoneId(clients: Clients): Promise<string> {
  const known = zoneIds.get(clients);
  if (known !== undefined) return known;
  const { output } = await clients.ask(() => clients.names.send(new ListHostedZonesByNameCommand({ DNSName: DOMAIN })));
  const id = output.HostedZones?.[0]?.Id;
  if (id === undefined) throw new Error(`the hosted zone ${DOMAIN} is not there`);
  zoneIds.set(clients, id);
  return id;
}

const registers = (name: string, processes: number, keys: readonly string[], store: RegisterStore): Workload => ({
  name,
  processes,
  checkers: [registersAreLinearizable],
  prepare: clients => store.prepare(clients),
  begin: ({ name: process, clients, random, history }) => {
    let count = 0;
    return async () => {
      const key = pick(random, keys);
      if (random.next() < 0.5) {
        await history.operate({ process, action: 'read', key }, () => store.read(clients, key));
      } else {
        const value = `${process}.${++count}`;
        await history.operate({ process, action: 'write', key, value }, () => store.write(clients, key, value));
      }
    };
  },
});

export const roleRegisters = registers('registers', 3, ROLES, roles);
export const nameRegisters = registers('names', 1, RECORDS, records);
