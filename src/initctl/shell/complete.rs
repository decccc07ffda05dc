//! What the word before the cursor may become. Pure, but that the processes are asked for where they are needed.

use crate::initctl::command::{COMMANDS, OWN, Process, namespec};

/// What separates words for completion: readline's delimiters without those that names have.
const DELIMITERS: &str = " \t\n`~!@#$%^&()=+[{]}\\|;'\",<>/?";

/// What Tab found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Completion {
    /// How many characters before the cursor the word has.
    pub(super) count: usize,
    /// What all have in common.
    pub(super) common: String,
    /// All, by name, each with the blank that follows it.
    pub(super) all: Vec<String>,
}

/// Completes the word at the end of `before` in `line`.
pub(super) fn complete(line: &str, before: &str, processes: impl FnOnce() -> Vec<Process>) -> Completion {
    let word = before.rsplit(|c| DELIMITERS.contains(c)).next().unwrap_or_default();
    let mut words = line.split_whitespace();
    let action = words.next();
    let is_action = action.is_none() || words.next().is_none() && !line.ends_with(' ');
    let candidates = match action.unwrap_or_default() {
        _ if is_action => actions(),
        "help" => actions(),
        "add" | "remove" | "update" => processes().into_iter().map(|process| process.group).collect(),
        "clear" | "fg" | "pid" | "restart" | "rotate" | "signal" | "start" | "status" | "stop" | "tail" => {
            processes().iter().flat_map(|process| names(process, word.contains(':'))).collect()
        }
        _ => Vec::new(),
    };
    let mut all: Vec<String> = candidates
        .into_iter()
        .filter(|candidate| candidate.starts_with(word) && !candidate.contains(char::is_control))
        .map(|candidate| format!("{candidate} "))
        .collect();
    all.sort();
    all.dedup();
    let common = all.iter().skip(1).fold(all.first().cloned().unwrap_or_default(), |common, other| {
        common.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
    });
    Completion { count: word.chars().count(), common, all }
}

fn actions() -> Vec<String> {
    let commands = COMMANDS.iter().chain(OWN).map(|command| command.name);
    commands.chain(["help"]).map(str::to_owned).collect()
}

/// A process, and all of its group where it is not alone in it.
fn names(process: &Process, with_group: bool) -> Vec<String> {
    let (group, name) = (&process.group, &process.name);
    match with_group || name != group {
        true => vec![format!("{group}:{name}"), format!("{group}:*")],
        false => vec![namespec(group, name)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initctl::command::list;
    use crate::rpc::Value;

    fn processes() -> Vec<Process> {
        let process = |group: &str, name: &str| {
            let texts = [("group", group), ("name", name), ("statename", ""), ("description", "")];
            let texts = texts.map(|(name, text)| (name.to_owned(), Value::text(text)));
            let numbers = ["state", "pid"].map(|name| (name.to_owned(), Value::Int(0)));
            Value::Struct(texts.into_iter().chain(numbers).collect())
        };
        list(&Value::Array(vec![process("cat", "cat"), process("w", "w-0"), process("w", "w-1")])).unwrap()
    }

    #[test]
    fn commands_and_names_are_completed() {
        for (line, common, all) in [
            ("sto", "stop ", "stop "),
            ("sta", "sta", "start |status "),
            ("help sh", "shutdown ", "shutdown "),
            ("start ", "", "cat |w:* |w:w-0 |w:w-1 "),
            ("stop a w:w", "w:w-", "w:w-0 |w:w-1 "),
            ("stop cat:", "cat:", "cat:* |cat:cat "),
            ("update ", "", "cat |w "),
            ("frob x", "", ""),
            ("version ", "", ""),
        ] {
            let found = complete(line, line, processes);
            assert_eq!((found.common.as_str(), found.all.join("|").as_str()), (common, all), "{line}");
        }
        assert_eq!(complete("stop a w:w", "stop a w:w", processes).count, 3);
    }
}
