#[path = "../tests/it/hours/drawing.rs"]
#[allow(dead_code)]
mod drawing;
use afterhours::hours::*;
use drawing::*;
fn main() {
    let paint = if std::env::args().count() > 1 { Paint::Colour } else { Paint::Plain };
    for (line, when, n) in [
        (
            "America/Tegucigalpa | mon-fri=08:00-12:00, 13:00-17:00 & sat=08:00-12:00 | HN | | 2026-12-24=08:00-12:00 (Christmas Eve) & 2026-12-28..2026-12-30=off (Year-end break)",
            "2026-12-23T20:32:00Z",
            10,
        ),
        ("Europe/Berlin | mon-sat=22:15-03:45 & sun=01:30-02:30, 10:00-18:00 | DE-BY", "2026-10-23T18:00:00Z", 5),
        (
            "Europe/Berlin | Mo-Fr 09:00-12:30,14:00-18:00; PH off; week 1-53/2 Sa 10:00-13:00; 12:00-12:15 closed \"tea\" | DE-BY",
            "2027-03-25T18:00:00Z",
            7,
        ),
        ("Africa/Cairo | mon-sun=20:00-02:00", "2026-04-22T18:00:00Z", 4),
        ("Pacific/Apia | mon-sun=09:00-17:00", "2011-12-28T18:00:00Z", 4),
        ("UTC | off", "2026-04-22T18:00:00Z", 1),
        ("UTC | 24/7", "2026-04-22T18:00:00Z", 2),
    ] {
        match Hours::compile(&spec(line), today()) {
            Ok((h, w)) => {
                println!("{}", h.draw(at(when), n, &[], paint));
                println!("{}\n{w:#?}\n", h.expression());
            }
            Err(e) => println!("{e:#?}"),
        }
    }
}
