//! `environment_file`: variables that are kept apart from the configuration, such as secrets.
//!
//! A line is `NAME=VALUE`; an empty one, and one that begins with `#` or `;`, says nothing, and `export ` before the name is left
//! out, as shells have it there. White space around name and value is none of theirs. A value that begins with a quote goes on to the
//! same quote, over several lines if need be; between double quotes a backslash takes the meaning from `"`, `\`, `$` and a backtick.
//! Anything else means itself: there are no variables, no commands, no comments behind a value. What `environment=` says wins.

use super::Daemon;
use crate::init::config;
use crate::sys;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

/// More is no file of variables: the kernel takes hardly more with a program.
const LARGEST: usize = 1 << 20;

impl Daemon<'_> {
    /// What the files say that a process names, a later one before an earlier one.
    ///
    /// # Errors
    /// Why it cannot be started.
    pub(super) fn environment_files(&self, config: &config::Process) -> Result<Vec<(OsString, OsString)>, String> {
        let mut all = Vec::new();
        for (path, may_be_missing) in &config.environment_file {
            let bad = |why: &str| format!("can't read environment_file {}: {why}", path.display());
            match self.machine.root().read(path) {
                Err(error) if *may_be_missing && sys::is_missing(&error) => (),
                Err(error) => return Err(bad(&sys::process::reason(&error))),
                Ok(bytes) if bytes.len() > LARGEST => return Err(bad("File too large")),
                Ok(bytes) => all.extend(variables(&bytes).map_err(|why| bad(&why))?),
            }
        }
        all.retain(|(name, _)| !config.environment.iter().any(|(its, _)| its.as_bytes() == name));
        Ok(all.into_iter().map(|(name, value)| (OsString::from_vec(name), OsString::from_vec(value))).collect())
    }
}

type Variable = (Vec<u8>, Vec<u8>);

fn variables(text: &[u8]) -> Result<Vec<Variable>, String> {
    let mut variables = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let bad = |why: &str| {
            let above = text.iter().take(text.len() - rest.len()).filter(|byte| **byte == b'\n').count();
            format!("line {}: {why}", above + 1)
        };
        let (line, below) = split(rest, b'\n').unwrap_or((rest, b""));
        if matches!(line.trim_ascii().first(), None | Some(b'#' | b';')) {
            rest = below;
            continue;
        }
        let (name, _) = split(line, b'=').ok_or_else(|| bad("no '='"))?;
        let behind = rest.get(name.len() + 1..).unwrap_or_default();
        let name = name.trim_ascii();
        let name = name.strip_prefix(b"export ").map_or(name, <[u8]>::trim_ascii_start);
        if name.is_empty() || name.iter().any(|byte| byte.is_ascii_whitespace() || *byte == 0) {
            return Err(bad("not a name"));
        }
        let (value, below) = value(behind).map_err(bad)?;
        if value.contains(&0) {
            return Err(bad("a zero byte"));
        }
        variables.push((name.to_vec(), value));
        rest = below;
    }
    Ok(variables)
}

/// The value at the beginning of a text, and the lines below it.
fn value(text: &[u8]) -> Result<(Vec<u8>, &[u8]), &'static str> {
    let start = text.iter().position(|byte| !matches!(byte, b' ' | b'\t')).unwrap_or(text.len());
    let text = text.get(start..).unwrap_or_default();
    let Some((quote @ (b'"' | b'\''), quoted)) = text.split_first() else {
        let (line, below) = split(text, b'\n').unwrap_or((text, b""));
        return Ok((line.trim_ascii().to_vec(), below));
    };
    let mut value = Vec::new();
    let mut rest = quoted;
    loop {
        rest = match rest {
            [] => return Err("the quote does not end"),
            [byte, rest @ ..] if byte == quote => {
                let (end, below) = split(rest, b'\n').unwrap_or((rest, b""));
                let is_end = end.trim_ascii().is_empty();
                return if is_end { Ok((value, below)) } else { Err("something follows the quote") };
            }
            [b'\\', byte @ (b'"' | b'\\' | b'$' | b'`'), rest @ ..] if *quote == b'"' => {
                value.push(*byte);
                rest
            }
            [byte, rest @ ..] => {
                value.push(*byte);
                rest
            }
        };
    }
}

fn split(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let position = text.iter().position(|byte| *byte == at)?;
    Some((text.get(..position)?, text.get(position + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Vec<(String, String)>, String> {
        let text_of = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ok(variables(text)?.into_iter().map(|(name, value)| (text_of(name), text_of(value))).collect())
    }

    #[test]
    fn values_as_they_are_and_in_quotes() {
        let of = |line: &str| read(line.as_bytes()).unwrap().pop().unwrap().1;
        assert_eq!(of("A=b c # d"), "b c # d", "no comments behind a value");
        assert_eq!((of("A= $HOME \t"), of("A="), of("A=x=y")), ("$HOME".to_owned(), String::new(), "x=y".to_owned()));
        assert_eq!(of(r#"A="a \"b\" \\ \$c \n" "#), r#"a "b" \ $c \n"#);
        assert_eq!((of(r"A='\$x\'"), of("A=it's")), (r"\$x\".to_owned(), "it's".to_owned()));
        assert_eq!(of("A='--- BEGIN\nx=1\n#--- END'\n\n"), "--- BEGIN\nx=1\n#--- END");
    }

    #[test]
    fn lines() {
        let text = b"# a comment\n\n; another\r\n A = 1\r\nexport B=2\nA=\"3\nB=4\"\nC=5";
        let pairs = [("A", "1"), ("B", "2"), ("A", "3\nB=4"), ("C", "5")];
        assert_eq!(read(text).unwrap(), pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let wrong = |text: &[u8]| read(text).unwrap_err();
        assert_eq!(wrong(b"A=1\nB\n"), "line 2: no '='");
        assert_eq!(wrong(b"\n=1"), "line 2: not a name");
        assert_eq!(wrong(b"A B=1"), "line 1: not a name");
        assert_eq!(wrong(b"A='1\n2'\nB='"), "line 3: the quote does not end");
        assert_eq!(wrong(b"A='1'2"), "line 1: something follows the quote");
        assert_eq!(wrong(b"A=1\0"), "line 1: a zero byte");
    }
}
