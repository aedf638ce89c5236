/**
 * Whether Go's YAML library would read an unquoted text as something other than a string, or writes it quoted because a
 * YAML 1.1 reader would.
 *
 * @see go.yaml.in/yaml v4, internal/libyaml: resolver.go and representer.go
 */
export function needsQuotesInGo(text: string): boolean {
  return (
    words.has(text) ||
    /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/.test(text) ||
    isPointNumber(text) ||
    (/^[-+\d]/.test(text) && (isTimestamp(text) || isNumber(text.replaceAll("_", ""))))
  );
}

const words = new Set([
  ...["true", "True", "TRUE", "false", "False", "FALSE"],
  ...["", "~", "null", "Null", "NULL", "<<"],
  ...[".nan", ".NaN", ".NAN"],
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"],
  ...["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"],
  ...["n", "N", "no", "No", "NO", "off", "Off", "OFF"],
]);

function isPointNumber(text: string): boolean {
  return (
    /^\.\d(?:_?\d)*(?:[eE][-+]?\d(?:_?\d)*)?$/.test(text) &&
    Number.isFinite(Number(text.replaceAll("_", "")))
  );
}

function isNumber(plain: string): boolean {
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(plain)) {
    return Number.isFinite(Number(plain));
  }
  const based = /^([-+]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+)$/.exec(plain);
  if (based === null) return false;
  // A number too large for 64 bits stays a string.
  const [, sign = "", digits = ""] = based;
  const limit = sign === "" ? 2n ** 64n - 1n : sign === "-" ? 2n ** 63n : 2n ** 63n - 1n;
  return BigInt(digits.toLowerCase()) <= limit;
}

function isTimestamp(text: string): boolean {
  const match =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+](\d\d):(\d\d)))|(?: +(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?))?$/.exec(
      text,
    );
  if (match === null) return false;
  const [year = 0, month = 0, day = 0, ...rest] = match.slice(1).map(Number);
  const daysInMonth = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth) return false;
  const [
    h = NaN,
    m = NaN,
    s = NaN,
    zoneHours = NaN,
    zoneMinutes = NaN,
    h2 = NaN,
    m2 = NaN,
    s2 = NaN,
  ] = rest;
  // A part that is not there is NaN, and no comparison with it holds.
  return !(h > 23 || h2 > 23 || zoneHours > 24 || [m, s, zoneMinutes, m2, s2].some((n) => n > 59));
}
