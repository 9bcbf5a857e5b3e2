/**
 * Asks a resolver outside. An answer counts when it comes from the address asked, with the random id and the question in
 * the random letter case that were sent (draft-vixie-dnsext-dns0x20): whoever answers without having seen the question
 * has to guess both, and the port. Anything else is passed over until the time is up.
 */
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { type Clock, type Random, randomInt } from '@stormglass/base';
import { EDNS_BYTES, FLAG, HEADER_BYTES, readOptions } from './query.ts';

export interface UpstreamAddress {
  /** An IP address. */
  readonly address: string;
  readonly port: number;
}

export interface UpstreamQuestion {
  /** Name, type and class as they stand in a question. */
  readonly bytes: Uint8Array;
  /** Present when the client speaks EDNS. */
  readonly edns?: { readonly dnssecOk: boolean };
}

const IN_FLIGHT_MAX = 256;
const UDP_ATTEMPTS = 2;
const UDP_TIMEOUT_MS = 1_500;
const TCP_TIMEOUT_MS = 3_000;

export class Upstream {
  readonly #to: UpstreamAddress;
  readonly #clock: Clock;
  readonly #random: Random;
  #inFlight = 0;

  constructor(to: UpstreamAddress, clock: Clock, random: Random) {
    this.#to = to;
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * A whole answer, over TCP when it does not fit into a datagram. It carries the question as `question` has it.
   * @throws Error when there is no valid answer in about six seconds, or 256 questions are waiting.
   */
  async ask(question: UpstreamQuestion): Promise<Buffer> {
    if (this.#inFlight >= IN_FLIGHT_MAX) throw new Error(`${IN_FLIGHT_MAX} questions are waiting for the upstream`);
    this.#inFlight++;
    try {
      const answer = await this.#ask(question);
      answer.set(question.bytes, HEADER_BYTES);
      return answer;
    } finally {
      this.#inFlight--;
    }
  }

  async #ask(question: UpstreamQuestion): Promise<Buffer> {
    for (let attempt = 1; ; attempt++) {
      const sent = this.#packet(question);
      try {
        const answer = await this.#overUdp(sent);
        if (isAnswer(answer, sent, 'exact') && (answer.readUInt16BE(2) & FLAG.TC) === 0) return answer;
        break;
      } catch (error) {
        if (attempt === UDP_ATTEMPTS) throw error;
      }
    }
    return this.#overTcp(this.#packet(question));
  }

  #packet({ bytes, edns }: UpstreamQuestion): Buffer {
    const packet = Buffer.alloc(HEADER_BYTES + bytes.length + (edns === undefined ? 0 : 11));
    packet.set(this.#random.bytes(2), 0);
    packet.writeUInt16BE(FLAG.RD, 2);
    packet.writeUInt16BE(1, 4);
    packet.set(bytes, HEADER_BYTES);
    const nameEnd = HEADER_BYTES + bytes.length - 4;
    for (let at = HEADER_BYTES; at < nameEnd; at++) {
      const letter = packet[at]! | 0x20;
      // The length of a label is no letter: 63 at most, and letters begin at 65.
      if (letter >= 0x61 && letter <= 0x7a && packet[at]! > 0x40 && randomInt(this.#random, 2) === 1)
        packet[at]! ^= 0x20;
    }
    if (edns !== undefined) {
      packet.writeUInt16BE(1, 10);
      const opt = HEADER_BYTES + bytes.length;
      packet.writeUInt16BE(41, opt + 1);
      packet.writeUInt16BE(EDNS_BYTES, opt + 3);
      packet.writeUInt16BE(edns.dnssecOk ? 0x8000 : 0, opt + 7);
    }
    return packet;
  }

  /** The first datagram with our id and question; one whose letters have other cases only sends us to TCP. */
  #overUdp(sent: Buffer): Promise<Buffer> {
    const { address, port } = this.#to;
    const socket = createSocket({
      type: isIPv6(address) ? 'udp6' : 'udp4',
      lookup: (host, _options, done) => done(null, host, isIPv6(host) ? 6 : 4),
    });
    return this.#within(
      UDP_TIMEOUT_MS,
      (resolve, reject) => {
        socket.on('error', reject);
        socket.on('message', answer => {
          if (isAnswer(answer, sent, 'any case')) resolve(answer);
        });
        socket.connect(port, address, (error?: Error) => (error ? reject(error) : socket.send(sent)));
      },
      () => socket.close(),
    );
  }

  #overTcp(sent: Buffer): Promise<Buffer> {
    const { address, port } = this.#to;
    const socket = connect({ host: address, port });
    return this.#within(
      TCP_TIMEOUT_MS,
      (resolve, reject) => {
        let received = Buffer.alloc(0);
        socket.on('error', reject);
        socket.on('close', () => reject(new Error('the upstream closed the connection')));
        socket.on('data', (chunk: Buffer) => {
          received = Buffer.concat([received, chunk]);
          if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
          const answer = received.subarray(2, 2 + received.readUInt16BE(0));
          if (isAnswer(answer, sent, 'any case')) resolve(answer);
          else reject(new Error('the upstream answered another question'));
        });
        const length = Buffer.alloc(2);
        length.writeUInt16BE(sent.length);
        socket.write(Buffer.concat([length, sent]));
      },
      () => socket.destroy(),
    );
  }

  async #within(
    ms: number,
    begin: (resolve: (answer: Buffer) => void, reject: (error: Error) => void) => void,
    end: () => void,
  ): Promise<Buffer> {
    let cancel = () => {};
    try {
      return await new Promise((resolve, reject) => {
        cancel = this.#clock.after(ms, () => reject(new Error(`no answer from the upstream in ${ms} ms`)));
        begin(resolve, reject);
      });
    } finally {
      cancel();
      end();
    }
  }
}

/** Whether `answer` is a well-formed answer to the packet `sent`. */
function isAnswer(answer: Buffer, sent: Buffer, letters: 'exact' | 'any case'): boolean {
  const edns = sent.readUInt16BE(10) === 1;
  const questionEnd = sent.length - (edns ? 11 : 0);
  if (answer.length < questionEnd || answer.readUInt16BE(0) !== sent.readUInt16BE(0)) return false;
  const word = answer.readUInt16BE(2);
  if ((word & FLAG.QR) === 0 || ((word >> 11) & 0xf) !== 0 || answer.readUInt16BE(4) !== 1) return false;
  const [theirs, ours] = [answer, sent].map(packet => packet.toString('latin1', HEADER_BYTES, questionEnd));
  if (letters === 'exact' ? theirs !== ours : theirs!.toLowerCase() !== ours!.toLowerCase()) return false;
  return readOptions(answer, questionEnd) !== 'malformed';
}
