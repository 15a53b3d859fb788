//! The surroundings that a config names: variables, credentials, files.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Secret;

/// Where secrets come from. The process's own by default; tests bring theirs.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    stands_in: bool,
    /// A stand-in was given out; shared by clones.
    stood_in: Arc<AtomicBool>,
    credstores: Vec<PathBuf>,
}

/// Where systemd looks for `LoadCredential=NAME`, in its order; `LoadCredentialEncrypted=NAME` looks beside each in a
/// directory whose name ends with `.encrypted` (systemd.exec(5)).
const CREDSTORES: [&str; 4] = ["/etc/credstore", "/run/credstore", "/usr/local/lib/credstore", "/usr/lib/credstore"];

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
    /// The secret is a stand-in: the real one is there, and this process cannot read it.
    pub unchecked: Option<NoSecret>,
}

impl Environment {
    /// The process's own.
    #[must_use]
    pub fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self { variables: std::env::vars_os().filter_map(text).collect(), ..Self::default() }
    }

    /// The process's own, with a stand-in for each secret that cannot be had: for commands that only look (`hours`,
    /// `explain`, `rehearse`), which run where the credentials are not.
    #[must_use]
    pub fn for_looking() -> Self {
        Self { stands_in: true, ..Self::for_checking() }
    }

    /// Somewhere a stand-in is in use: what it proves is not proven.
    #[must_use]
    pub fn stood_in(&self) -> bool {
        self.stood_in.load(Ordering::Relaxed)
    }

    /// The process's own, for `check`: outside the service, where `$CREDENTIALS_DIRECTORY` is not set, a credential is
    /// looked up where systemd would find it.
    #[must_use]
    pub fn for_checking() -> Self {
        Self::of_process().with_credstores(CREDSTORES)
    }

    /// These variables and no others.
    #[must_use]
    pub fn of<const N: usize>(variables: [(&str, &str); N]) -> Self {
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self { variables, ..Self::default() }
    }

    /// With these directories, in that order, for credentials when `$CREDENTIALS_DIRECTORY` is not set.
    #[must_use]
    pub fn with_credstores(self, credstores: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        Self { credstores: credstores.into_iter().map(Into::into).collect(), ..self }
    }

    /// Follows `env:NAME`, `file:/path`, `credential:NAME`; anything else is the secret itself. A final line break of a
    /// file or credential is not part of it.
    ///
    /// # Errors
    /// When it cannot be had, or is empty.
    pub fn resolve(&self, written: &str) -> Result<Found, NoSecret> {
        let found = self.follow(written).or_else(|problem| {
            self.stands_in
                .then(|| Found { unchecked: Some(problem.clone()), ..Found::new(Secret::new(STAND_IN)) })
                .ok_or(problem)
        })?;
        if self.stands_in && found.unchecked.is_some() {
            self.stood_in.store(true, Ordering::Relaxed);
        }
        Ok(found)
    }

    fn follow(&self, written: &str) -> Result<Found, NoSecret> {
        let found = if let Some(name) = written.strip_prefix("env:") {
            self.variable(name)?
        } else if let Some(path) = written.strip_prefix("file:") {
            file(Path::new(path))?
        } else if let Some(name) = written.strip_prefix("credential:") {
            self.credential(name)?
        } else {
            Found { literal: true, ..Found::new(Secret::new(written)) }
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
        Ok(Found::new(Secret::new(value.as_str())))
    }

    fn credential(&self, name: &str) -> Result<Found, NoSecret> {
        if name.is_empty() || name.contains('/') || name.starts_with('.') {
            return Err(problem("that is no name of a credential", "it is a file name without a directory"));
        }
        let Some(directory) = self.variables.get("CREDENTIALS_DIRECTORY") else {
            if self.credstores.is_empty() {
                return Err(problem(
                    "systemd's credentials are not here: `$CREDENTIALS_DIRECTORY` is not set",
                    "systemd gives them to the service alone: `systemctl start afterhours`; where there is no systemd, \
                     set the variable to the directory where the files lie",
                ));
            }
            return stored(name, &self.credstores, |path| std::fs::read(path));
        };
        let path = Path::new(directory).join(name);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Found::new(text(bytes)?)),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(problem(
                format!("there is no credential `{name}`"),
                format!("put the secret into /etc/credstore/{name} and `LoadCredential={name}` into the unit"),
            )),
            Err(error) => Err(unreadable(&path, &error)),
        }
    }
}

impl Found {
    /// Nothing is doubtful about it.
    fn new(secret: Secret) -> Self {
        Self { secret, literal: false, exposed: None, unchecked: None }
    }

    /// A stand-in for one that is there.
    fn unchecked(why: String, hint: &str) -> Self {
        Self { unchecked: Some(problem(why, hint)), ..Self::new(Secret::new(STAND_IN)) }
    }
}

/// A credential, looked up where systemd would.
fn stored(
    name: &str,
    credstores: &[PathBuf],
    read: impl Fn(&Path) -> std::io::Result<Vec<u8>>,
) -> Result<Found, NoSecret> {
    let encrypted = |store: &PathBuf| {
        let mut store = store.clone().into_os_string();
        store.push(".encrypted");
        (PathBuf::from(store), true)
    };
    let plain = credstores.iter().map(|store| (store.clone(), false));
    for (store, encrypted) in plain.chain(credstores.iter().map(encrypted)) {
        let path = store.join(name);
        return match read(&path) {
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => continue,
            Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(Found::unchecked(
                format!("not checked here: this user may not read {}", store.display()),
                "to check it too: `sudo afterhours check`",
            )),
            Err(error) => Err(unreadable(&path, &error)),
            Ok(_) if encrypted => Ok(Found::unchecked(
                format!("not checked here: the credential is encrypted, in {}", store.display()),
                "systemd alone decrypts it, for the service: the log tells when it starts",
            )),
            Ok(bytes) => Ok(Found::new(text(bytes)?)),
        };
    }
    let first = credstores.first().map(|store| store.join(name)).unwrap_or_default();
    Err(problem(
        format!("there is no credential `{name}`"),
        format!(
            "put the secret into {} (mode 600) and `LoadCredential={name}` into the unit; if the unit takes it from \
             another directory: `sudo env CREDENTIALS_DIRECTORY=DIRECTORY afterhours check`",
            first.display()
        ),
    ))
}

fn file(path: &Path) -> Result<Found, NoSecret> {
    if !path.is_absolute() {
        return Err(problem("the path of a secret's file must be absolute", "write `file:/…`"));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    let exposed = others_can_read(path).then(|| path.to_owned());
    Ok(Found { exposed, ..Found::new(text(bytes)?) })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn stores() -> [PathBuf; 2] {
        ["/a".into(), "/b".into()]
    }

    /// What becomes of it when every file that is not named is missing.
    fn look(files: &[(&str, Result<&str, ErrorKind>)]) -> Result<(String, Option<String>), String> {
        let read = |path: &Path| match files.iter().find(|(file, _)| Path::new(file) == path) {
            Some((_, Ok(text))) => Ok(text.as_bytes().to_vec()),
            Some((_, Err(kind))) => Err((*kind).into()),
            None => Err(ErrorKind::NotFound.into()),
        };
        let found = stored("key", &stores(), read).map_err(|problem| problem.message)?;
        Ok((found.secret.expose().to_owned(), found.unchecked.map(|why| why.message)))
    }

    #[test]
    fn a_credential_is_looked_up_where_systemd_would() {
        let denied = Err(ErrorKind::PermissionDenied);
        let ours = "not checked here: this user may not read /a";
        let sealed = "not checked here: the credential is encrypted, in /b.encrypted";
        for (files, found) in [
            (&[("/a/key", Ok("one\n")), ("/b/key", Ok("two"))][..], Ok(("one", None))),
            (&[("/b/key", Ok("two")), ("/a.encrypted/key", Ok("x"))], Ok(("two", None))),
            (&[("/a/key", denied), ("/b/key", Ok("two"))], Ok((STAND_IN, Some(ours)))),
            (&[("/b.encrypted/key", Ok("x"))], Ok((STAND_IN, Some(sealed)))),
            (&[("/a/other", Ok("one"))], Err("there is no credential `key`")),
            (&[("/a/key", Err(ErrorKind::IsADirectory))], Err("/a/key is a directory")),
        ] {
            let found = found.map(|(secret, why)| (secret.to_owned(), why.map(str::to_owned)));
            assert_eq!(look(files), found.map_err(str::to_owned), "{files:?}");
        }
    }

    #[test]
    fn the_service_itself_looks_nowhere_else() {
        let problem = Environment::of([]).resolve("credential:key").expect_err("systemd has given none");
        assert!(problem.message.contains("`$CREDENTIALS_DIRECTORY` is not set"), "{problem:?}");
    }
}
