/** Signed requests as the bytes that go over the wire, with the headers an SDK would send. */
import { randomUUID } from 'node:crypto';
import { type Signer, signAction } from '@stormglass/testing';

export function requestBytes(signer: Signer, parameters: Readonly<Record<string, string>>, port: number): Buffer {
  const { method, path, headers, body } = signAction(signer, parameters, {
    nowMs: Date.now(),
    host: `127.0.0.1:${port}`,
    headers: {
      'user-agent': 'aws-sdk-js/3.1169.0 ua/2.1 os/linux lang/js md/nodejs',
      'amz-sdk-invocation-id': randomUUID(),
      'amz-sdk-request': 'attempt=1; max=3',
    },
  });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), body]);
}
