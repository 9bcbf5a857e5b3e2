/**
 * The values of record sets, by type: text as the API takes it, data as DNS packets carry it (the shapes of the library
 * dns-packet). Formats are those of the Route 53 Developer Guide, "Supported DNS record types".
 */
import {
  badValue,
  characterString,
  characterStrings,
  fieldsOf,
  hexBytes,
  ipv4,
  ipv6,
  targetName,
  wholeNumber,
} from './value-fields.ts';

type Parser = (text: string) => unknown;

const target: Parser = text => targetName(text.trim());

const PARSERS: Readonly<Record<string, Parser>> = {
  A: ipv4,
  AAAA: ipv6,
  CNAME: target,
  NS: target,
  PTR: target,
  TXT: characterStrings,
  SPF: text => spfData(characterStrings(text)),
  MX(text) {
    const [preference, exchange] = fieldsOf('MX', text, 2);
    return { preference: wholeNumber('MX', preference!, 16), exchange: targetName(exchange!) };
  },
  SRV(text) {
    const [priority, weight, port, host] = fieldsOf('SRV', text, 4);
    return {
      priority: wholeNumber('SRV', priority!, 16),
      weight: wholeNumber('SRV', weight!, 16),
      port: wholeNumber('SRV', port!, 16),
      target: targetName(host!),
    };
  },
  CAA(text) {
    const [flags, tag, value] = fieldsOf('CAA', text, 3);
    if (!/^[a-z0-9]{1,15}$/i.test(tag!)) throw badValue('CAARRDATAIllegalTag', 'Tag should be letters and digits');
    return { flags: wholeNumber('CAA', flags!, 8), tag, value: characterString(value!).toString('latin1') };
  },
  SOA(text) {
    const [mname, rname, ...numbers] = fieldsOf('SOA', text, 7);
    const [serial, refresh, retry, expire, minimum] = numbers.map(number => wholeNumber('SOA', number, 32));
    return { mname: targetName(mname!), rname: targetName(rname!), serial, refresh, retry, expire, minimum };
  },
  DS(text) {
    const [keyTag, algorithm, digestType, digest] = fieldsOf('DS', text, 4);
    return {
      keyTag: wholeNumber('DS', keyTag!, 16),
      algorithm: wholeNumber('DS', algorithm!, 8),
      digestType: wholeNumber('DS', digestType!, 8),
      digest: hexBytes('DS', digest!),
    };
  },
  NAPTR(text) {
    const [order, preference, flags, services, regexp, replacement] = fieldsOf('NAPTR', text, 6);
    return {
      order: wholeNumber('NAPTR', order!, 16),
      preference: wholeNumber('NAPTR', preference!, 16),
      flags: characterString(flags!).toString('latin1'),
      services: characterString(services!).toString('latin1'),
      regexp: characterString(regexp!).toString('latin1'),
      replacement: targetName(replacement!),
    };
  },
  SSHFP(text) {
    const [algorithm, hash, fingerprint] = fieldsOf('SSHFP', text, 3);
    return {
      algorithm: wholeNumber('SSHFP', algorithm!, 8),
      hash: wholeNumber('SSHFP', hash!, 8),
      fingerprint: hexBytes('SSHFP', fingerprint!).toString('hex'),
    };
  },
  TLSA(text) {
    const [usage, selector, matchingType, certificate] = fieldsOf('TLSA', text, 4);
    return {
      usage: wholeNumber('TLSA', usage!, 8),
      selector: wholeNumber('TLSA', selector!, 8),
      matchingType: wholeNumber('TLSA', matchingType!, 8),
      certificate: hexBytes('TLSA', certificate!),
    };
  },
};

/** dns-packet does not know the type: the data is what goes over the wire, each text behind its length. */
const spfData = (texts: readonly Buffer[]): Buffer =>
  Buffer.concat(texts.flatMap(text => [Buffer.from([text.length]), text]));

/** Types whose record sets this Route 53 takes; SVCB and HTTPS are not among them. */
export const RECORD_TYPES: ReadonlySet<string> = new Set(Object.keys(PARSERS));

/**
 * Reads one value.
 * @throws ValueProblem
 */
export const parseValue = (type: string, text: string): unknown => PARSERS[type]!(text);
