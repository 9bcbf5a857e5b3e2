/** Where the settings of an upload stand: in headers, or in the fields of a form. What reads them does not care. */
import { asHeader, headerText, type WireRequest } from '@stormglass/aws-wire';

/** The value of a header by its lower-case name. */
export type HeaderValue = (name: string) => string | undefined;

/** Headers as given, and all their names. */
export interface UploadHead {
  readonly header: HeaderValue;
  readonly names: readonly string[];
}

export const headOfRequest = ({ headers }: Pick<WireRequest, 'headers'>): UploadHead => ({
  header: name => headerText(headers, name),
  names: Object.keys(headers),
});

/** The fields of a form, by lower-case names. */
export function headOfFields(fields: ReadonlyMap<string, string>): UploadHead {
  const values = new Map([...fields].map(([name, value]) => [name, asHeader(value)]));
  return { header: name => values.get(name), names: [...values.keys()] };
}
