/** The XML in which errors of one structure become child elements, shared by the XML protocols. */
import type { XmlWriter } from '../codecs/xml-writer.ts';
import { escapeXml } from '../text/escape-xml.ts';
import type { ErrorReport } from './error-report.ts';

/** The members of an error beside its message: modelled ones by their schema, free ones as text. */
export function errorMembersXml(report: ErrorReport, writer: XmlWriter | undefined): string {
  const { message: _, Message: __, ...fields } = report.fields;
  if (report.modelled !== undefined && writer !== undefined) return writer.structure(report.modelled.shape)(fields);
  let out = '';
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && value !== null) out += `<${name}>${escapeXml(String(value))}</${name}>`;
  }
  return out;
}
