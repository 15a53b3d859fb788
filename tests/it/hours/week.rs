//! The week, holidays and exceptions: a trap a line.

use super::drawing::{date, draw, hours};

const OFFICE: &str = "UTC | mon-fri=08:00-12:00, 13:00-17:00 & sat=08:00-12:00";

#[test]
fn days() {
    for (trap, schedule, day, drawing) in [
        ("a lunch break", OFFICE, "2026-11-24", "08:00-12:00 13:00-17:00"),
        ("another day of the table", OFFICE, "2026-11-28", "08:00-12:00"),
        ("a day that is not in the table", OFFICE, "2026-11-29", "off"),
        ("the end of the day", "UTC | tue=22:00-24:00", "2026-11-24", "22:00-24:00"),
        ("24:00 is not 00:00 of the same day", "UTC | tue=00:00-24:00", "2026-11-24", "00:00-24:00"),
        ("... and does not reach into the next", "UTC | tue=00:00-24:00", "2026-11-25", "off"),
        ("midnight is crossed", "UTC | fri=22:00-02:00", "2026-11-27", "22:00-24:00"),
        ("... into a day that is not in the table", "UTC | fri=22:00-02:00", "2026-11-28", "00:00-02:00"),
        ("... from Sunday to Monday", "UTC | sun=22:00-02:00 & mon=01:00-03:00", "2026-11-30", "00:00-03:00"),
        (
            "the next day's rule does not cut the night off",
            "UTC | mon=22:00-06:00 & tue=10:00-12:00",
            "2026-11-24",
            "00:00-06:00 10:00-12:00",
        ),
        ("spans that touch are one", "UTC | tue=08:00-12:00, 12:00-17:00", "2026-11-24", "08:00-17:00"),
        ("a range over the weekend", "UTC | sat-mon=09:00-10:00", "2026-11-30", "09:00-10:00"),
        ("... holds no other day", "UTC | sat-mon=09:00-10:00", "2026-11-24", "off"),
        (
            "the weekday is the zone's: Monday there, Sunday in UTC",
            "Pacific/Auckland | mon=08:00-20:00",
            "2026-11-23",
            "08:00-20:00",
        ),
        ("... and not Tuesday", "Pacific/Auckland | mon=08:00-20:00", "2026-11-24", "off"),
        ("Monday there, Tuesday in UTC", "America/Los_Angeles | mon=18:00-23:00", "2026-11-23", "18:00-23:00"),
        ("... and not Sunday", "America/Los_Angeles | mon=18:00-23:00", "2026-11-22", "off"),
    ] {
        assert_eq!(draw(&hours(schedule), date(day), &[]), drawing, "{trap}");
    }
}
