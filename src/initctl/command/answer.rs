//! What the server's methods answer, as data.

use super::Result;
use crate::initctl::trouble::Trouble;
use crate::rpc::Value;

/// A process, as `getProcessInfo` tells of it.
#[derive(Clone, Debug)]
pub(in crate::initctl) struct Process {
    pub(in crate::initctl) group: String,
    pub(in crate::initctl) name: String,
    pub(super) state: i64,
    pub(super) statename: String,
    pub(super) description: String,
    pub(super) pid: i64,
}

/// What became of a process, or of a call that names one.
#[derive(Clone, Debug)]
pub(in crate::initctl) struct Outcome {
    pub(super) group: String,
    /// `None` where the user named a group only.
    pub(super) name: Option<String>,
    /// A fault's code.
    pub(in crate::initctl) status: i64,
    pub(super) description: String,
}

impl Process {
    /// `RUNNING`.
    const RUNNING: i64 = 20;
    /// `STOPPED`, `EXITED`, `FATAL`, `UNKNOWN`.
    const STOPPED: [i64; 4] = [0, 100, 200, 1000];

    pub(super) fn is_running(&self) -> bool {
        self.state == Process::RUNNING
    }

    pub(super) fn is_stopped(&self) -> bool {
        Process::STOPPED.contains(&self.state)
    }
}

impl TryFrom<&Value> for Process {
    type Error = Trouble;

    fn try_from(value: &Value) -> Result<Process> {
        Ok(Process {
            group: text(value, "group")?,
            name: text(value, "name")?,
            state: number(value, "state")?,
            statename: text(value, "statename")?,
            description: text(value, "description")?,
            pid: number(value, "pid")?,
        })
    }
}

impl TryFrom<&Value> for Outcome {
    type Error = Trouble;

    fn try_from(value: &Value) -> Result<Outcome> {
        Ok(Outcome {
            group: text(value, "group")?,
            name: Some(text(value, "name")?),
            status: number(value, "status")?,
            description: text(value, "description")?,
        })
    }
}

impl Outcome {
    /// As users name the process, for the terminal. A group alone is a process called None: so Python writes it.
    pub(super) fn namespec(&self) -> String {
        shown(&namespec(&self.group, self.name.as_deref().unwrap_or("None")))
    }
}

/// Each member of an array.
pub(in crate::initctl) fn list<'a, T: TryFrom<&'a Value, Error = Trouble>>(value: &'a Value) -> Result<Vec<T>> {
    array(value)?.iter().map(T::try_from).collect()
}

pub(super) fn array(value: &Value) -> Result<&[Value]> {
    match value {
        Value::Array(members) => Ok(members),
        _ => Err(Trouble::answer("the answer is no array")),
    }
}

pub(super) fn text(value: &Value, name: &str) -> Result<String> {
    value.member(name).and_then(Value::as_text).map(str::to_owned).ok_or_else(|| missing(name))
}

pub(super) fn number(value: &Value, name: &str) -> Result<i64> {
    value.member(name).and_then(Value::as_int).ok_or_else(|| missing(name))
}

pub(super) fn truth(value: &Value, name: &str) -> Result<bool> {
    match value.member(name) {
        Some(Value::Bool(truth)) => Ok(*truth),
        Some(Value::Int(number)) => Ok(*number != 0),
        _ => Err(missing(name)),
    }
}

/// The texts of an array.
pub(super) fn texts(value: &Value) -> Result<Vec<String>> {
    let texts = array(value)?.iter().map(|text| text.as_text().map(str::to_owned));
    texts.collect::<Option<_>>().ok_or_else(|| Trouble::answer("the answer has something else than texts"))
}

fn missing(name: &str) -> Trouble {
    Trouble::answer(format_args!("the answer does not say {name}"))
}

/// A process as users name it: where it is alone in its group, by its name.
pub(in crate::initctl) fn namespec(group: &str, name: &str) -> String {
    if group == name { name.to_owned() } else { format!("{group}:{name}") }
}

/// Group and process of what a user names; no process for all of a group.
pub(super) fn split(namespec: &str) -> (&str, Option<&str>) {
    match namespec.split_once(':') {
        None => (namespec, Some(namespec)),
        Some((group, "" | "*")) => (group, None),
        Some((group, process)) => (group, Some(process)),
    }
}

/// A text of the server's as a terminal may see it.
pub(in crate::initctl) fn shown(text: &str) -> String {
    let escape = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    if text.contains(char::is_control) { text.chars().map(escape).collect() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespecs_name_processes_and_groups() {
        assert_eq!(split("a"), ("a", Some("a")));
        assert_eq!(
            (split("a:b:c"), split("a:*"), split("a:"), split(":b")),
            (("a", Some("b:c")), ("a", None), ("a", None), ("", Some("b")))
        );
        assert_eq!((namespec("a", "a"), namespec("a", "b")), ("a".to_owned(), "a:b".to_owned()));
    }

    #[test]
    fn terminals_see_no_control_characters() {
        assert_eq!(shown("a\u{1b}[2Jö\n\u{9b}"), "a\\u{1b}[2Jö\\n\\u{9b}");
    }
}
