//! `[store]`.

use std::path::Path;

use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::super::StoreSettings;
use super::super::desk::Desk;
use super::tables::Table;
use super::values;

/// The default of `url`: systemd's `StateDirectory=afterhours`.
const URL: &str = "sqlite:/var/lib/afterhours/afterhours.db";

/// systemd makes it when the service starts.
const STATE_DIRECTORY: &str = "/var/lib/afterhours";

/// Where messages are kept, and how long.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// `sqlite:` and the path of the file. Default: `sqlite:/var/lib/afterhours/afterhours.db`.
    #[serde(default)]
    #[schemars(with = "String", regex(pattern = r"^sqlite:."))]
    url: Option<Spanned<String>>,
    /// How long a message is kept: `90s`, `15m`, `4h`, `30d`; a day at least. Default: `90d`.
    #[serde(default)]
    #[schemars(with = "String", regex(pattern = r"^[0-9]+[smhd]$"))]
    retain: Option<Spanned<String>>,
}

/// Reads the table; there need be none.
pub fn read(table: Option<Table<'_>>, desk: &mut Desk) -> Option<StoreSettings> {
    let keys: Keys = table.map(|table| table.read(desk)).unwrap_or_default();
    let url = match &keys.url {
        Some(written) => url(written, desk),
        None => Some(URL.to_owned()),
    };
    // a held message must outlive a night, and the store never forgets what waits
    let retain = values::duration(keys.retain.as_ref(), TimeDelta::days(1), TimeDelta::days(90), desk);
    Some(StoreSettings { url: url?, retain: retain? })
}

fn url(written: &Spanned<String>, desk: &mut Desk) -> Option<String> {
    let text = written.get_ref().trim();
    let (scheme, path) = text.split_once(':').unwrap_or(("", text));
    let (message, hint) = match scheme {
        "sqlite" if path.starts_with('/') && !path.starts_with("//") && path.len() > 1 => {
            directory(Path::new(path), written, desk);
            return Some(text.to_owned());
        }
        "sqlite" => ("the path of the database must be absolute", "write `sqlite:` and the path from the root"),
        "postgres" | "postgresql" => ("PostgreSQL is not in this version", "use `sqlite:` and a path"),
        _ => ("this is not a store", "write `sqlite:` and a path: `sqlite:/var/lib/afterhours/afterhours.db`"),
    };
    desk.findings.error(written.span(), message).hint(hint);
    None
}

/// The store makes its file, and no directory.
fn directory(file: &Path, written: &Spanned<String>, desk: &mut Desk) {
    let Some(directory) = file.parent().filter(|directory| *directory != Path::new(STATE_DIRECTORY)) else { return };
    let missing = std::fs::metadata(directory).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound);
    if missing {
        let shown = directory.display();
        desk.findings
            .warning(written.span(), format!("there is no directory {shown}: the service will not start"))
            .hint(format!(
                "make it, `sudo install -d -m 700 -o afterhours -g afterhours {shown}`, and let the unit write there: \
                 `ReadWritePaths={shown}`"
            ));
    }
}
