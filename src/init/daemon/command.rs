use crate::ini;
use crate::init::control::BadCommand;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

/// A command that can be run: the file, and the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    /// The file to be run.
    pub(super) file: PathBuf,
    /// The words, the command's name first.
    pub(super) words: Vec<String>,
}

/// Where commands are looked for when PATH is nowhere.
const PATH: &str = "/bin:/usr/bin:/usr/local/bin";

/// Looks up a command: its words, and the file in `path` where it names no directory.
///
/// # Errors
/// Why it cannot be run.
pub(super) fn find(command: &str, path: Option<&str>) -> Result<Command, BadCommand> {
    let words = ini::split(command)
        .map_err(|why| BadCommand::NotExecutable(format!("can't parse command {}: {why}", ini::repr(command))))?;
    let Some(program) = words.first() else {
        return Err(BadCommand::NotExecutable("command is empty".to_owned()));
    };
    let file = match program.contains('/') {
        true => PathBuf::from(program),
        false => {
            let directories = path.unwrap_or(PATH).split(':');
            let files = directories.map(|directory| PathBuf::from(directory).join(program));
            files.into_iter().find(|file| file.exists()).unwrap_or_else(|| PathBuf::from(program))
        }
    };
    let shown = ini::repr(&file.to_string_lossy());
    let found = std::fs::metadata(&file).ok().filter(|_| program.contains('/') || file.as_os_str() != program.as_str());
    match found {
        None => Err(BadCommand::NotFound(format!("can't find command {shown}"))),
        Some(found) if found.is_dir() => Err(BadCommand::NotExecutable(format!("command at {shown} is a directory"))),
        Some(found) if found.permissions().mode() & 0o111 == 0 => {
            Err(BadCommand::NotExecutable(format!("command at {shown} is not executable")))
        }
        Some(_) if !crate::sys::child::may_execute(&file) => {
            Err(BadCommand::NotExecutable(format!("no permission to run command {shown}")))
        }
        Some(_) => Ok(Command { file, words }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_supervisords_words() {
        let not_found = |words: &str| Err(BadCommand::NotFound(words.to_owned()));
        let not_executable = |words: &str| Err(BadCommand::NotExecutable(words.to_owned()));
        assert_eq!(find("nope -x", None), not_found("can't find command 'nope'"));
        assert_eq!(find("/nope/x", None), not_found("can't find command '/nope/x'"));
        assert_eq!(find("/tmp a", None), not_executable("command at '/tmp' is a directory"));
        assert_eq!(find("/etc/passwd", None), not_executable("command at '/etc/passwd' is not executable"));
        assert_eq!(find(" ", None), not_executable("command is empty"));
        assert_eq!(find("'x", None), not_executable("can't parse command \"'x\": No closing quotation"));
    }

    #[test]
    fn in_the_path_or_where_it_says() {
        let found = find("sh -c 'a b'", None).unwrap();
        assert_eq!(
            (found.file, found.words),
            (PathBuf::from("/bin/sh"), ["sh", "-c", "a b"].map(str::to_owned).to_vec())
        );
        assert_eq!(find("true", Some("/nope:/usr/bin")).unwrap().file, PathBuf::from("/usr/bin/true"));
        assert!(find("true", Some("/nope")).is_err());
    }
}
