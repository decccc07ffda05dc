//! The names of signals, on all machines but the oldest.

/// By number, from 1.
const NAMES: [&str; 31] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
    "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "POLL",
    "PWR", "SYS",
];
/// Other names of some.
const OTHERS: [(&str, i32); 4] = [("IOT", 6), ("CLD", 17), ("IO", 29), ("UNUSED", 31)];
/// The first and the last of those for programs.
const REAL_TIME: [i32; 2] = [34, 64];

/// SIGTERM
pub(super) const TERM: i32 = 15;

/// The number of a signal by number or name, with or without `SIG`; `None` where there is no such name.
pub(super) fn number(text: &str) -> Option<i32> {
    let text = text.trim_start();
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return text.parse().ok();
    }
    let name = text.to_ascii_uppercase();
    let name = name.strip_prefix("SIG").unwrap_or(&name);
    let usual = (1..).zip(NAMES).find(|(_, known)| *known == name).map(|(number, _)| number);
    let other = OTHERS.iter().find(|(known, _)| *known == name).map(|(_, number)| *number);
    usual.or(other).or_else(|| real_time(name))
}

/// `RTMIN`, `RTMIN+3`, `RTMAX-1`
fn real_time(name: &str) -> Option<i32> {
    let [first, last] = REAL_TIME;
    let away = |text: &str, sign: char| match text {
        "" => Some(0),
        _ => text.strip_prefix(sign)?.parse::<u8>().ok().map(i32::from),
    };
    let from_first = name.strip_prefix("RTMIN").and_then(|rest| Some(first + away(rest, '+')?));
    let from_last = name.strip_prefix("RTMAX").and_then(|rest| Some(last - away(rest, '-')?));
    from_first.or(from_last).filter(|number| (first..=last).contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers() {
        for (text, signal) in [
            ("TERM", Some(15)),
            ("SIGKILL", Some(9)),
            ("term", Some(15)),
            (" 9", Some(9)),
            ("65", Some(65)),
            ("0", Some(0)),
            ("foo", None),
            ("-9", None),
            ("", None),
            ("RTMIN+2", Some(36)),
            ("sigrtmax", Some(64)),
            ("RTMAX-99", None),
        ] {
            assert_eq!(number(text), signal, "{text}");
        }
    }
}
