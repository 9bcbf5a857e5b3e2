/** The limit: bodies streamed to a file that is flushed and renamed, and streamed back. A process of its own. */
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const folder = process.argv[2]!;
let drafts = 0;

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = join(folder, encodeURIComponent(request.url!));
  if (request.method === 'GET') {
    const { size } = await stat(path);
    response.writeHead(200, { 'content-length': size });
    return pipeline(createReadStream(path), response);
  }
  const draft = join(folder, `draft-${++drafts}`);
  await pipeline(request, createWriteStream(draft));
  const file = await open(draft, 'r');
  await file.sync().finally(() => file.close());
  await rename(draft, path);
  response.writeHead(200, { 'content-length': 0 });
  response.end();
}

const server = createServer((request, response) => {
  serve(request, response).catch(error => response.destroy(error));
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }));
