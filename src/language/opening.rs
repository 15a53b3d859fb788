//! Instants in words.

use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::text::{capitalised, fill};
use super::{Calendar, Language};

/// The last day that a weekday alone names: seven days on, the weekday is the same again.
const LAST_DAY_BY_NAME: i64 = 6;

/// From here on (half a year, in days) a date needs its year.
const NEEDS_YEAR: i64 = 183;

/// An opening as it stands in the middle of a sentence, "we open …": weekday and time in the zone of the hours, with the
/// date when it is more than six calendar days away there, never "today" or "tomorrow". A client whose clock shows another
/// time at that instant is told both times; the weekday is named again only where it differs. In a language without built-in texts it is
/// a date in figures, which reads in any.
#[must_use]
pub fn opening(
    at: DateTime<Utc>,
    now: DateTime<Utc>,
    zone: Tz,
    client_zone: Option<Tz>,
    language: &Language,
) -> String {
    let Some(wording) = language.wording() else { return in_figures(at, zone, client_zone) };
    let calendar = &wording.calendar;
    let local = at.with_timezone(&zone);
    let days = days_between(now, at, zone);
    let pattern = if days > LAST_DAY_BY_NAME { calendar.far } else { calendar.near };
    let weekday = calendar.on_weekday[weekday_index(local.date_naive())];
    let date = calendar.date_in_words(local.date_naive(), days);
    let words = fill(pattern, &[("weekday", weekday), ("date", &date), ("at", &clock(calendar.at, &local))]);

    let Some(theirs) = client_zone.map(|zone| at.with_timezone(&zone)) else { return words };
    if theirs.offset().fix() == local.offset().fix() {
        return words;
    }
    let same_day = theirs.date_naive() == local.date_naive();
    let pattern = if same_day { calendar.yours } else { calendar.yours_on };
    let weekday = calendar.on_weekday[weekday_index(theirs.date_naive())];
    let yours = fill(
        pattern,
        &[("weekday", weekday), ("time", &clock(calendar.time, &theirs)), ("at", &clock(calendar.at, &theirs))],
    );
    fill(calendar.both, &[("opening", &words), ("yours", &yours)])
}

/// When a message came, for the owner: weekday and time, with the date when it is more than six days ago. It may start a
/// line.
#[must_use]
pub fn stamp(at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz, language: &Language) -> String {
    let calendar = &language.wording_or_english().calendar;
    let local = at.with_timezone(&zone);
    let days = days_between(at, now, zone);
    let pattern = if days > LAST_DAY_BY_NAME { calendar.dated_stamp } else { calendar.stamp };
    let date = calendar.date_in_words(local.date_naive(), days);
    let weekday = capitalised(calendar.weekdays[weekday_index(local.date_naive())]);
    fill(pattern, &[("weekday", &weekday), ("date", &date), ("time", &clock(calendar.time, &local))])
}

impl Calendar {
    fn date_in_words(&self, date: NaiveDate, days_away: i64) -> String {
        let day = if date.day() == 1 { self.first.to_owned() } else { date.day().to_string() };
        let pattern = if days_away > NEEDS_YEAR { self.date_with_year } else { self.date };
        fill(
            pattern,
            &[("day", &day), ("month", self.months[date.month0() as usize]), ("year", &date.year().to_string())],
        )
    }
}

fn in_figures(at: DateTime<Utc>, zone: Tz, client_zone: Option<Tz>) -> String {
    let local = at.with_timezone(&zone);
    match client_zone.map(|zone| at.with_timezone(&zone)) {
        Some(theirs) if theirs.offset().fix() != local.offset().fix() => {
            format!("{} / {}", local.format("%Y-%m-%d %-H:%M (UTC%:z)"), theirs.format("%Y-%m-%d %-H:%M (UTC%:z)"))
        }
        _ => local.format("%Y-%m-%d %-H:%M").to_string(),
    }
}

fn clock<Z: TimeZone>(words: fn(u32, u32) -> String, at: &DateTime<Z>) -> String {
    words(at.hour(), at.minute())
}

fn days_between(from: DateTime<Utc>, to: DateTime<Utc>, zone: Tz) -> i64 {
    (to.with_timezone(&zone).date_naive() - from.with_timezone(&zone).date_naive()).num_days()
}

fn weekday_index(date: NaiveDate) -> usize {
    date.weekday().num_days_from_monday() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEGUCIGALPA: Tz = Tz::America__Tegucigalpa;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().expect(text)
    }

    fn in_language(tag: &str, at: &str, client_zone: Option<Tz>) -> String {
        // Friday evening in Tegucigalpa
        let now = instant("2026-11-20T19:30:00-06:00");
        opening(instant(at), now, TEGUCIGALPA, client_zone, &Language::parse(tag).expect(tag))
    }

    #[test]
    fn an_opening_reads_as_a_person_would_write_it() {
        let cases = [
            ("en", "Tuesday at 8:00", "Tuesday, 1 December at 13:30", "Friday, 1 October 2027 at 1:05"),
            (
                "es",
                "el martes a las 8:00",
                "el martes 1 de diciembre a las 13:30",
                "el viernes 1 de octubre de 2027 a la 1:05",
            ),
            ("fr", "mardi à 8h00", "mardi 1er décembre à 13h30", "vendredi 1er octobre 2027 à 1h05"),
            (
                "de",
                "am Dienstag um 8:00 Uhr",
                "am Dienstag, dem 1. Dezember, um 13:30 Uhr",
                "am Freitag, dem 1. Oktober 2027, um 1:05 Uhr",
            ),
            (
                "pt",
                "na terça-feira às 8:00",
                "na terça-feira, 1º de dezembro, às 13:30",
                "na sexta-feira, 1º de outubro de 2027, à 1:05",
            ),
            ("it", "martedì alle 8:00", "martedì 1º dicembre alle 13:30", "venerdì 1º ottobre 2027 all'1:05"),
            (
                "nl",
                "op dinsdag om 8:00 uur",
                "op dinsdag 1 december om 13:30 uur",
                "op vrijdag 1 oktober 2027 om 1:05 uur",
            ),
            ("pl", "we wtorek o 8:00", "we wtorek, 1 grudnia, o 13:30", "w piątek, 1 października 2027, o 1:05"),
            ("tr", "Salı günü saat 8:00'de", "1 Aralık Salı günü saat 13:30'da", "1 Ekim 2027 Cuma günü saat 1:05'te"),
            (
                "ar",
                "يوم الثلاثاء الساعة 8:00 صباحًا",
                "يوم الثلاثاء 1 ديسمبر الساعة 1:30 بعد الظهر",
                "يوم الجمعة 1 أكتوبر 2027 الساعة 1:05 بعد منتصف الليل",
            ),
            ("hi", "मंगलवार को सुबह 8:00 बजे", "मंगलवार, 1 दिसंबर को दोपहर 1:30 बजे", "शुक्रवार, 1 अक्टूबर 2027 को रात 1:05 बजे"),
            ("zh", "星期二 8:00", "12月1日星期二 13:30", "2027年10月1日星期五 1:05"),
            ("sv", "2026-11-24 8:00", "2026-12-01 13:30", "2027-10-01 1:05"), // figures read in any language
        ];
        for (tag, near, far, next_year) in cases {
            assert_eq!(in_language(tag, "2026-11-24T08:00:00-06:00", None), near, "{tag}");
            assert_eq!(in_language(tag, "2026-12-01T13:30:00-06:00", None), far, "{tag}");
            assert_eq!(in_language(tag, "2027-10-01T01:05:00-06:00", None), next_year, "{tag}");
        }
    }

    #[test]
    fn a_client_elsewhere_is_told_both_times() {
        let cases = [
            // (language, on the same day in Madrid, on the next day in Auckland)
            ("en", "Tuesday at 8:00 (15:00 your time)", "Tuesday at 8:00 (Wednesday at 3:00 your time)"),
            (
                "es",
                "el martes a las 8:00 (a las 15:00 en su hora local)",
                "el martes a las 8:00 (el miércoles a las 3:00 en su hora local)",
            ),
            ("fr", "mardi à 8h00 (15h00 chez vous)", "mardi à 8h00 (mercredi à 3h00 chez vous)"),
            (
                "de",
                "am Dienstag um 8:00 Uhr (15:00 Uhr Ihrer Zeit)",
                "am Dienstag um 8:00 Uhr (am Mittwoch um 3:00 Uhr Ihrer Zeit)",
            ),
            (
                "pt",
                "na terça-feira às 8:00 (às 15:00 no seu fuso horário)",
                "na terça-feira às 8:00 (na quarta-feira às 3:00 no seu fuso horário)",
            ),
            (
                "it",
                "martedì alle 8:00 (alle 15:00 nel suo fuso orario)",
                "martedì alle 8:00 (mercoledì alle 3:00 nel suo fuso orario)",
            ),
            (
                "nl",
                "op dinsdag om 8:00 uur (15:00 uur uw tijd)",
                "op dinsdag om 8:00 uur (woensdag om 3:00 uur uw tijd)",
            ),
            ("pl", "we wtorek o 8:00 (o 15:00 Państwa czasu)", "we wtorek o 8:00 (w środę o 3:00 Państwa czasu)"),
            (
                "tr",
                "Salı günü saat 8:00'de (sizin saatinizle 15:00)",
                "Salı günü saat 8:00'de (sizin saatinizle Çarşamba 3:00)",
            ),
            (
                "ar",
                "يوم الثلاثاء الساعة 8:00 صباحًا (الساعة 3:00 بعد الظهر بتوقيتكم)",
                "يوم الثلاثاء الساعة 8:00 صباحًا (يوم الأربعاء الساعة 3:00 فجرًا بتوقيتكم)",
            ),
            (
                "hi",
                "मंगलवार को सुबह 8:00 बजे (आपके समयानुसार दोपहर 3:00 बजे)",
                "मंगलवार को सुबह 8:00 बजे (आपके समयानुसार बुधवार को रात 3:00 बजे)",
            ),
            ("zh", "星期二 8:00（您当地时间 15:00）", "星期二 8:00（您当地时间星期三 3:00）"),
            (
                "sv",
                "2026-11-24 8:00 (UTC-06:00) / 2026-11-24 15:00 (UTC+01:00)",
                "2026-11-24 8:00 (UTC-06:00) / 2026-11-25 3:00 (UTC+13:00)",
            ),
        ];
        for (tag, madrid, auckland) in cases {
            let at = "2026-11-24T08:00:00-06:00";
            assert_eq!(in_language(tag, at, Some(Tz::Europe__Madrid)), madrid, "{tag}");
            assert_eq!(in_language(tag, at, Some(Tz::Pacific__Auckland)), auckland, "{tag}");
        }
    }

    #[test]
    fn another_name_for_the_same_time_is_told_once() {
        // Costa Rica keeps the same time
        assert_eq!(in_language("en", "2026-11-24T08:00:00-06:00", Some(Tz::America__Costa_Rica)), "Tuesday at 8:00");
        // Chicago keeps it in winter only
        assert_eq!(in_language("en", "2026-11-24T08:00:00-06:00", Some(Tz::America__Chicago)), "Tuesday at 8:00");
        assert_eq!(
            in_language("en", "2027-04-06T08:00:00-06:00", Some(Tz::America__Chicago)),
            "Tuesday, 6 April at 8:00 (9:00 your time)"
        );
    }

    #[test]
    fn days_are_counted_where_the_hours_are() {
        // Friday 23:30 in Tegucigalpa is Saturday already in UTC
        let now = instant("2026-11-20T23:30:00-06:00");
        let told = |at: &str| opening(instant(at), now, TEGUCIGALPA, None, &Language::english());
        assert_eq!(told("2026-11-26T08:00:00-06:00"), "Thursday at 8:00"); // six days
        assert_eq!(told("2026-11-27T00:00:00-06:00"), "Friday, 27 November at 0:00"); // seven, though under 168 hours
    }

    #[test]
    fn turkish_times_take_the_suffix_of_their_last_word() {
        let hours = ["da", "de", "de", "te", "te", "te", "da", "de", "de", "da", "da", "de"];
        for (hour, suffix) in hours.iter().enumerate() {
            let told = in_language("tr", &format!("2026-11-24T{hour:02}:00:00-06:00"), None);
            assert_eq!(told, format!("Salı günü saat {hour}:00'{suffix}"));
        }
        for (minute, suffix) in [(15, "te"), (20, "de"), (30, "da"), (40, "ta"), (45, "te"), (50, "de")] {
            let told = in_language("tr", &format!("2026-11-24T08:{minute}:00-06:00"), None);
            assert_eq!(told, format!("Salı günü saat 8:{minute}'{suffix}"));
        }
    }

    #[test]
    fn the_owner_reads_when_a_message_came() {
        let now = instant("2026-11-24T08:00:00-06:00");
        let cases = [
            ("en", "Friday 19:30", "Tuesday, 10 November, 6:05"),
            ("es", "Viernes 19:30", "Martes 10 de noviembre, 6:05"),
            ("fr", "Vendredi 19h30", "Mardi 10 novembre, 6h05"),
            ("de", "Freitag 19:30", "Dienstag, 10. November, 6:05"),
            ("pt", "Sexta-feira 19:30", "Terça-feira, 10 de novembro, 6:05"),
            ("it", "Venerdì 19:30", "Martedì 10 novembre, 6:05"),
            ("nl", "Vrijdag 19:30", "Dinsdag 10 november, 6:05"),
            ("pl", "Piątek 19:30", "Wtorek, 10 listopada, 6:05"),
            ("tr", "Cuma 19:30", "10 Kasım Salı, 6:05"),
            ("ar", "الجمعة 7:30 مساءً", "الثلاثاء 10 نوفمبر، 6:05 صباحًا"),
            ("hi", "शुक्रवार, शाम 7:30", "मंगलवार, 10 नवंबर, सुबह 6:05"),
            ("zh", "星期五 19:30", "11月10日星期二 6:05"),
            ("sv", "Friday 19:30", "Tuesday, 10 November, 6:05"),
        ];
        for (tag, near, far) in cases {
            let language = Language::parse(tag).expect(tag);
            let told = |at: &str| stamp(instant(at), now, TEGUCIGALPA, &language);
            assert_eq!(told("2026-11-20T19:30:00-06:00"), near, "{tag}");
            assert_eq!(told("2026-11-10T06:05:00-06:00"), far, "{tag}");
        }
    }
}
