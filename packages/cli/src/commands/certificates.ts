/** `ca`: the region's certificate authority, its root certificate, and what it has issued. */
import { readFileSync } from 'node:fs';
import { result, table } from '../output.ts';
import { controlOf } from '../region-control.ts';
import { regionNamed } from '../regions-of.ts';
import { type CommandLine, UsageError } from '../settings.ts';

export async function ca(line: CommandLine): Promise<number> {
  const [action = 'root', ...words] = line.words;
  const client = controlOf(line);
  switch (action) {
    case 'root': {
      const { rootFile } = regionNamed(await client.status(), line.values.region);
      const certificate = readFileSync(rootFile, 'utf8');
      result(line, { rootFile, certificate }, () => certificate.trimEnd());
      return 0;
    }
    case 'list': {
      const certificates = await client.certificates();
      const rows = certificates.map(({ serial, holder, notAfter, revocation }) => [
        serial,
        holder,
        new Date(notAfter).toISOString(),
        revocation === undefined ? '-' : `${new Date(revocation.at).toISOString()} ${revocation.reason}`,
      ]);
      result(line, certificates, () => table(['SERIAL', 'HOLDER', 'ENDS', 'REVOKED'], rows));
      return 0;
    }
    case 'crl': {
      const lists = await client.revocationLists();
      result(line, { lists }, () => lists.trimEnd());
      return 0;
    }
    case 'revoke': {
      if (words.length === 0) throw new UsageError('ca revoke needs serial numbers; see `stormglass ca list`');
      for (const serial of words) await client.revokeCertificate(serial);
      result(line, { revoked: words }, () => `${words.length} certificate(s) revoked.`);
      return 0;
    }
    case 'rotate':
      await client.rotateAuthority();
      result(line, { rotated: true }, () => 'A new intermediate signs from now on; hosts renew within seconds.');
      return 0;
    default:
      throw new UsageError(`ca ${action}: known are root, list, crl, revoke, rotate`);
  }
}
