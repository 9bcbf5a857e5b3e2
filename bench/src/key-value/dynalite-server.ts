/** dynalite in a process of its own, which keeps what it is given in memory. */
import dynalite from 'dynalite';

const server = dynalite({ createTableMs: 0 });
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
