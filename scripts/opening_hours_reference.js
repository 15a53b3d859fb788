// Writes tests/fixtures/hours/reference.tsv: what the reference implementation of OpenStreetMap's opening_hours answers.
//
//     npm install --prefix /tmp/reference opening_hours@3.15.0
//     TZ=UTC NODE_PATH=/tmp/reference/node_modules node scripts/opening_hours_reference.js
//
// A line is an expression, a tab, and its states from 2026-01-01T00:00Z on, one every 433 minutes for two years, as
// hexadecimal digits of four states each, the first in the highest bit: 1 is open. PH is Hesse's.
//
// Not in here is what the project reads differently on purpose (a night is not cut off by the next day's rule) or refuses.
const fs = require("fs");
const path = require("path");
const OpeningHours = require("opening_hours");

const START = Date.UTC(2026, 0, 1);
const STEP = 433 * 60 * 1000;
const COUNT = Math.floor((Date.UTC(2028, 0, 1) - START) / STEP / 4) * 4;
const PLACE = { lat: 48.1, lon: 11.6, address: { country_code: "de", state: "Hessen" } };

const EXPRESSIONS = [
  "24/7",
  "off",
  "Mo-Fr 09:00-17:00",
  "Mo-Fr 08:00-12:00,13:00-17:00; Sa 08:00-12:00",
  "Mo,We,Fr 10:00-18:00",
  "Fr-Mo 10:00-18:00",
  "Sa-Su 00:00-24:00",
  "Mo-Su 22:00-06:00",
  "Fr 22:00-02:00",
  "Fr,Sa 18:00-26:00",
  "Mo-Fr 09:00-17:00; We off",
  "Mo-Fr 09:00-17:00; We 12:00-20:00",
  "Mo-Fr 09:00-17:00; 12:00-13:00 off",
  "Mo-Fr 09:00-12:00, We 14:00-18:00",
  "09:00-17:00; Su off",
  "Jan-Mar Mo-Fr 09:00-17:00",
  "Nov-Feb 10:00-16:00; Mar-Oct 09:00-18:00",
  "Jun 15-Sep 15 Mo-Sa 08:00-20:00",
  "Dec 20-Jan 06 off",
  "Mo-Fr 09:00-17:00; Dec 20-Jan 06 off",
  "Mo-Fr 09:00-17:00; Dec 24,Dec 31 09:00-12:00",
  "2026 Mo-Fr 09:00-17:00",
  "2026-2027 Sa 10:00-14:00",
  "2027 Mar 01-2027 Apr 15 10:00-12:00",
  "2026 Dec 24-2027 Jan 03 10:00-12:00",
  "Mo-Fr 09:00-17:00; 2026 Nov 24 off",
  "Mo-Fr 09:00-17:00; 2026 Nov 26 13:00-15:00",
  "week 1-52/2 Mo-Fr 09:00-17:00",
  "week 2-52/2 Mo 09:00-17:00; week 1-53/2 Tu 09:00-17:00",
  "week 10-20 We 09:00-17:00",
  "week 53 Mo-Su 09:00-17:00",
  "Mo[1] 09:00-17:00",
  "Fr[-1] 09:00-17:00",
  "Sa[1,3] 10:00-13:00",
  "Mo-Fr 09:00-17:00; Th[2] off",
  "Mo-Fr 09:00-17:00; Fr[-1] 09:00-12:00",
  "easter 10:00-12:00",
  "easter -2 days off; Mo-Fr 09:00-17:00",
  "Mo-Fr 09:00-17:00; easter -2 days off; easter +1 day off",
  "easter -2 days-easter +1 day 10:00-12:00",
  "Mo-Fr 09:00-17:00; PH off",
  "Mo-Su 09:00-17:00; PH 10:00-12:00",
  "Mo-Fr 08:00-12:30,14:00-18:00; PH off; week 1-53/2 Sa 10:00-13:00",
  "Mo-Sa 09:00-17:00; PH,Su 11:00-15:00",
  "PH off; Mo-Fr 09:00-17:00",
  "PH 00:00-24:00",
  "Mo-Fr 09:00-17:00 open \"by bell\"; Sa closed \"rest\"",
  "Mo-Fr 00:00-12:00,12:00-24:00",
  "Feb 29 09:00-17:00",
  "Mar Su[-1]-Oct Su[-1] 09:00-20:00",
  "Mo-Th 09:00-17:00; Fr 09:00-15:00; Dec Mo-Fr 08:00-20:00",
  "Tu-Su 11:30-14:30,17:30-23:00",
  "Mo 10:00-12:00; Mo 14:00-16:00",
  "Mo 10:00-12:00, Mo 14:00-16:00",
  "Apr-Sep: Mo-Fr 07:00-19:00; Oct-Mar: Mo-Fr 08:00-17:00",
];

function states(expression) {
  const hours = new OpeningHours(expression, PLACE, { locale: "en" });
  let text = "";
  for (let sample = 0; sample < COUNT; sample += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit += 1) {
      digit = digit * 2 + (hours.getState(new Date(START + (sample + bit) * STEP)) ? 1 : 0);
    }
    text += digit.toString(16);
  }
  return text;
}

const lines = EXPRESSIONS.map((expression) => `${expression}\t${states(expression)}\n`);
const target = path.join(__dirname, "..", "tests", "fixtures", "hours", "reference.tsv");
fs.mkdirSync(path.dirname(target), { recursive: true });
fs.writeFileSync(target, lines.join(""));
