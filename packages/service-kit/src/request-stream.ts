/** Bodies that are not held in memory: what a request brings, and what an operation with streaming input works with. */

/** The body of a request as the socket has it; nothing of it has been read. It is taken once, whole or as a stream. */
export interface RequestBody {
  /** Bytes announced; 0 when there is no body, undefined when its end is not known before it comes. */
  readonly length: number | undefined;
  /**
   * All of it, in memory.
   * @param maxBytes in place of the host's own limit
   * @throws AwsError when it is too large, too slow, or breaks off
   */
  whole(maxBytes?: number): Promise<Buffer>;
  /**
   * As it comes, one piece after the other; the sender waits while nobody asks for the next one. Whoever stops early
   * leaves the rest to be thrown away.
   * @throws AwsError when no byte comes for too long, or the body breaks off
   */
  stream(): AsyncIterable<Buffer>;
}

/** The body of a streaming operation as the handler sees it: what the client means, without the coding around it. */
export interface RequestStream {
  /**
   * aws-chunked is taken off, signatures of chunks are verified, the announced length is compared. Data of a chunk comes
   * before its signature has been seen to be right, so nothing counts before the end.
   * @throws AwsError (IncompleteBody, SignatureDoesNotMatch, RequestTimeout)
   */
  readonly chunks: AsyncIterable<Buffer>;
  /** Bytes of `chunks`; undefined when the client does not say. */
  readonly length: number | undefined;
  /** Names in lower case; known after the end of `chunks`, empty before. */
  trailers(): ReadonlyMap<string, string>;
  /** SHA-256 in hexadecimal that was signed for the body: whoever reads it compares, and throws `payloadMismatch`. */
  readonly sha256: string | undefined;
}

/** A body that is in memory already. */
export const bodyOf = (bytes: Buffer): RequestBody => ({
  length: bytes.length,
  whole: async () => bytes,
  async *stream() {
    if (bytes.length > 0) yield bytes;
  },
});
