// Days, numbers and bars as the reader's language writes them.
const { lang } = document.documentElement;
const locale = lang === "en" ? "en-GB" : lang;
const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

export const day = (text) => date.format(new Date(text));
export const time = (text) => moment.format(new Date(text));
export const percent = (value) => share.format(value);
export const finePercent = (value) => fine.format(value);

export function number(value, digits = 0) {
  return new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

// Draws a share of [0, 1] in a bar as the macro of that name makes it.
export const fill = (bar, value) => bar.setAttribute("width", (100 * value).toFixed(1));
