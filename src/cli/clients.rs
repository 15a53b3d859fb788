//! `clients`: who is on the list, and who wants no automatic replies.

use std::fmt::Write as _;
use std::process::ExitCode;

use http::Method;

use super::Global;
use super::paint::{Paint, Style};
use super::talk::{answer, plain};
use crate::admin::{ClientView, ClientsView, OptIn, WantOptIn};

/// `clients`
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Takes back that the person with this address wants no automatic replies
    #[arg(long, value_name = "ADDRESS")]
    undo: Option<String>,
}

pub fn run(global: &Global, args: &Args) -> ExitCode {
    let Some(address) = args.undo.clone() else {
        let show = |list: &ClientsView| show(list, Paint::of_stdout());
        return answer(global, Method::GET, "/api/v1/clients", None, show);
    };
    let want = serde_json::to_vec(&WantOptIn { address }).unwrap_or_default();
    answer(global, Method::POST, "/api/v1/clients/opt-in", Some(want), show_undone)
}

fn show(list: &ClientsView, paint: Paint) -> String {
    let mut out = String::new();
    for client in &list.clients {
        let _ = writeln!(out, "{}   {}", paint.with(Style::Bold, &name(client)), about(client));
        let _ =
            writeln!(out, "  {}", client.addresses.iter().map(|address| plain(address)).collect::<Vec<_>>().join(", "));
        if client.opted_out {
            let _ = writeln!(out, "  {}", paint.with(Style::Owner, "wants no automatic replies"));
        }
    }
    if !list.clients.is_empty() {
        out.push('\n');
    }
    let people = match list.clients.len() {
        0 => "Nobody is on the client list.".to_owned(),
        1 => "1 person is on the client list.".to_owned(),
        many => format!("{many} people are on the client list."),
    };
    let listed = list.clients.iter().filter(|client| client.opted_out).count();
    let others = match list.others_opted_out {
        1 => "1 address that is not on it".to_owned(),
        many => format!("{many} addresses that are not on it"),
    };
    let asked = match (listed, list.others_opted_out) {
        (0, 0) => " Nobody has asked for no automatic replies.\n".to_owned(),
        (listed, 0) => format!(" {listed} asked for no automatic replies.\n"),
        (0, _) => format!(" {others} asked for no automatic replies.\n"),
        (listed, _) => format!(" {listed} asked for no automatic replies, and so did {others}.\n"),
    };
    let _ = write!(out, "{people}{asked}");
    if listed > 0 || list.others_opted_out > 0 {
        out += "`afterhours clients --undo ADDRESS` takes that back.\n";
    }
    out
}

fn name(client: &ClientView) -> String {
    if client.name.is_empty() { "(no name)".to_owned() } else { plain(&client.name) }
}

/// Standing, labels and language.
fn about(client: &ClientView) -> String {
    let labels = client.labels.iter().map(|label| plain(label));
    let language = client.language.iter().map(|language| format!("in {language}"));
    [client.standing.clone()].into_iter().chain(labels).chain(language).collect::<Vec<_>>().join(", ")
}

fn show_undone(done: &OptIn) -> String {
    let who = match done.name.as_deref().filter(|name| !name.is_empty()) {
        Some(name) => format!("{} ({})", plain(name), plain(&done.address)),
        None => plain(&done.address),
    };
    if done.had_opted_out {
        format!("{who} gets automatic replies again.\n")
    } else {
        format!("{who} had not asked for no automatic replies: nothing is changed.\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(name: &str, standing: &str, opted_out: bool) -> ClientView {
        ClientView {
            name: name.to_owned(),
            standing: standing.to_owned(),
            labels: Vec::new(),
            addresses: vec!["+50499990001".to_owned()],
            language: None,
            opted_out,
        }
    }

    #[test]
    fn the_list_reads_well_and_cannot_steer_the_terminal() {
        let ana = ClientView {
            labels: vec!["vip".to_owned()],
            addresses: vec!["+50499990001".to_owned(), "ana@example.org".to_owned()],
            language: Some("es".to_owned()),
            ..client("Ana L\u{1b}[2Jópez", "client", true)
        };
        let list = ClientsView { clients: vec![ana, client("", "blocked", false)], others_opted_out: 2 };
        let shown = "\
Ana L\u{fffd}[2Jópez   client, vip, in es
  +50499990001, ana@example.org
  wants no automatic replies
(no name)   blocked
  +50499990001

2 people are on the client list. 1 asked for no automatic replies, and so did 2 addresses that are not on it.
`afterhours clients --undo ADDRESS` takes that back.
";
        assert_eq!(show(&list, Paint::default()), shown);
        for (clients, others_opted_out, end) in [
            (vec![], 0, "Nobody is on the client list. Nobody has asked for no automatic replies.\n"),
            (vec![client("Ana", "client", false)], 0, "1 person is on the client list. Nobody has asked for no"),
            (vec![client("Ana", "client", true)], 0, "1 person is on the client list. 1 asked for no automatic"),
            (vec![], 1, "Nobody is on the client list. 1 address that is not on it asked for no automatic replies.\n"),
        ] {
            let shown = show(&ClientsView { clients, others_opted_out }, Paint::default());
            assert!(shown.contains(end), "{shown}");
        }
    }
}
