//! The surroundings that a config names: variables, credentials, files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Secret;

/// Where secrets come from. The process's own by default; tests bring theirs.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    stands_in: bool,
}

/// What stands in for a secret that a command which only looks cannot have: any kind of channel and sink takes it (a
/// Standard Webhooks secret must be base64 of 24 bytes or more), and nothing is ever proven or sent with it.
const STAND_IN: &str = "whsec_c3RhbmRzIGluIGZvciBhIHNlY3JldCB0aGF0IGlzIG5vdCBoZXJl";

/// Why a secret cannot be had: fragments that quote no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSecret {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// A secret, and what is doubtful about it.
#[derive(Debug)]
pub struct Found {
    /// The secret.
    pub secret: Secret,
    /// It stands in the config itself.
    pub literal: bool,
    /// The file that holds it can be read by every user of the machine.
    pub exposed: Option<PathBuf>,
}

impl Environment {
    /// The process's own.
    #[must_use]
    pub fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self { variables: std::env::vars_os().filter_map(text).collect(), stands_in: false }
    }

    /// The process's own, with a stand-in for each secret that cannot be had: for commands that only look (`hours`,
    /// `explain`, `rehearse`), which run where the credentials are not.
    #[must_use]
    pub fn for_looking() -> Self {
        Self { stands_in: true, ..Self::of_process() }
    }

    /// These variables and no others.
    #[must_use]
    pub fn of<const N: usize>(variables: [(&str, &str); N]) -> Self {
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self { variables, stands_in: false }
    }

    /// Follows `env:NAME`, `file:/path`, `credential:NAME`; anything else is the secret itself. A final line break of a
    /// file or credential is not part of it.
    ///
    /// # Errors
    /// When it cannot be had, or is empty.
    pub fn resolve(&self, written: &str) -> Result<Found, NoSecret> {
        self.follow(written).or_else(|problem| {
            let stand_in = Found { secret: Secret::new(STAND_IN), literal: false, exposed: None };
            self.stands_in.then_some(stand_in).ok_or(problem)
        })
    }

    fn follow(&self, written: &str) -> Result<Found, NoSecret> {
        let found = if let Some(name) = written.strip_prefix("env:") {
            self.variable(name)?
        } else if let Some(path) = written.strip_prefix("file:") {
            file(Path::new(path))?
        } else if let Some(name) = written.strip_prefix("credential:") {
            self.credential(name)?
        } else {
            Found { secret: Secret::new(written), literal: true, exposed: None }
        };
        if found.secret.expose().is_empty() {
            return Err(problem("the secret is empty", "put the secret there, or take the key out"));
        }
        Ok(found)
    }

    fn variable(&self, name: &str) -> Result<Found, NoSecret> {
        let Some(value) = self.variables.get(name) else {
            return Err(problem(
                format!("the environment variable `{name}` is not set"),
                format!("set it in the unit (`Environment={name}=…`, or better a file in `EnvironmentFile=`)"),
            ));
        };
        Ok(Found { secret: Secret::new(value.as_str()), literal: false, exposed: None })
    }

    fn credential(&self, name: &str) -> Result<Found, NoSecret> {
        let Some(directory) = self.variables.get("CREDENTIALS_DIRECTORY") else {
            return Err(problem(
                "systemd's credentials are not here: `$CREDENTIALS_DIRECTORY` is not set",
                "systemd gives them to the service alone; to check from a shell, name the directory where the files \
                     lie: `CREDENTIALS_DIRECTORY=/etc/credstore afterhours check`",
            ));
        };
        if name.is_empty() || name.contains('/') || name.starts_with('.') {
            return Err(problem("that is no name of a credential", "it is a file name without a directory"));
        }
        let path = Path::new(directory).join(name);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Found { secret: text(bytes)?, literal: false, exposed: None }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(problem(
                format!("there is no credential `{name}`"),
                format!("put the secret into /etc/credstore/{name} and `LoadCredential={name}` into the unit"),
            )),
            Err(error) => Err(unreadable(&path, &error)),
        }
    }
}

fn file(path: &Path) -> Result<Found, NoSecret> {
    if !path.is_absolute() {
        return Err(problem("the path of a secret's file must be absolute", "write `file:/…`"));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    let exposed = others_can_read(path).then(|| path.to_owned());
    Ok(Found { secret: text(bytes)?, literal: false, exposed })
}

/// Every user of the machine can read it.
#[must_use]
pub fn others_can_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o004 != 0)
}

/// Why a file cannot be read, in words for people, and what to do.
#[must_use]
pub fn unreadable(path: &Path, error: &std::io::Error) -> NoSecret {
    use std::io::ErrorKind;
    let shown = path.display();
    match error.kind() {
        ErrorKind::NotFound => problem(format!("there is no file {shown}"), "create it, or correct the path"),
        ErrorKind::PermissionDenied => problem(
            format!("not allowed to read {shown}"),
            "let the user that runs this read it (`chown`, `chmod 600`), or run it as the service's user",
        ),
        ErrorKind::IsADirectory => problem(format!("{shown} is a directory"), "name the file in it"),
        _ => problem(format!("cannot read {shown}: {error}"), "see that the file can be read"),
    }
}

fn text(bytes: Vec<u8>) -> Result<Secret, NoSecret> {
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(problem("the secret is not UTF-8 text", "store it as text; binary keys in base64"));
    };
    let secret = text.strip_suffix('\n').unwrap_or(&text);
    Ok(Secret::new(secret.strip_suffix('\r').unwrap_or(secret)))
}

fn problem(message: impl Into<String>, hint: impl Into<String>) -> NoSecret {
    NoSecret { message: message.into(), hint: hint.into() }
}
