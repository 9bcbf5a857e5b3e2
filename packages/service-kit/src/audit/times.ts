/** Times as CloudTrail writes them: in fields of its own, and within parameters and answers. */

let latest: { readonly second: number; readonly text: string } = { second: 0, text: '1970-01-01T00:00:00Z' };

/** `2014-07-18T15:07:39Z`. The latest is remembered: calls come in seconds. @param ms since the epoch */
export function eventTime(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (latest.second !== second) latest = { second, text: `${new Date(ms).toISOString().slice(0, 19)}Z` };
  return latest.text;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Feb 12, 2025, 11:16:48 PM`, in UTC: `expiration` in the newer examples of AWS. @param ms since the epoch */
export function awsDate(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = date.getUTCHours();
  const clock = `${hours % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  const day = `${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
  return `${day}, ${clock} ${hours < 12 ? 'AM' : 'PM'}`;
}
