/** s3rver in a process of its own. */
import S3rver from 's3rver';

const server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: process.argv[2]! });
const { port } = await server.run();
process.send?.({ port });
