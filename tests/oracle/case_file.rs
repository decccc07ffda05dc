//! The format of the case files.

/// Cases that share a setup.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) name: String,
    /// What bash runs first.
    pub(super) setup: String,
    pub(super) cases: Vec<Case>,
}

/// One command line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Case {
    /// Its line in the file.
    pub(super) line: usize,
    /// The exit code of the original.
    pub(super) code: i32,
    /// Its figures move: the time, the load, a disk that others write to.
    pub(super) moves: bool,
    /// It is run into a pipe and in C.UTF-8 only.
    pub(super) piped: bool,
    pub(super) command: String,
}

/// Reads a case file:
///
/// ```text
/// # a comment
/// [the name of a group]
///     indented lines: bash commands that set the stage
/// 0 df -h /          the exit code of the original, a blank, a bash command
/// 0~ df              ~ behind the code: figures move
/// 0| df | head -1    | behind the code: into a pipe and in C.UTF-8 only, for it is slow and ends in a pipe anyway
/// ```
pub(super) fn parse(text: &str) -> Result<Vec<Group>, String> {
    let mut groups = vec![Group { name: "plain".to_owned(), ..Group::default() }];
    for (at, line) in text.lines().enumerate() {
        let line_number = at + 1;
        let group = groups.last_mut().unwrap();
        if let Some(setup) = line.strip_prefix("    ") {
            if !group.cases.is_empty() {
                return Err(format!("line {line_number}: a setup stands before the cases of its group"));
            }
            group.setup.push_str(setup);
            group.setup.push('\n');
        } else if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            groups.push(Group { name: name.to_owned(), ..Group::default() });
        } else if !line.trim().is_empty() && !line.starts_with('#') {
            let case = line.split_once(' ').and_then(|(code, command)| {
                let (code, piped) = code.strip_suffix('|').map_or((code, false), |code| (code, true));
                let (code, moves) = code.strip_suffix('~').map_or((code, false), |code| (code, true));
                let code = code.parse().ok()?;
                Some(Case { line: line_number, code, moves, piped, command: command.trim().to_owned() })
            });
            group.cases.push(case.ok_or_else(|| format!("line {line_number}: expected \"CODE COMMAND\""))?);
        }
    }
    groups.retain(|group| !group.cases.is_empty());
    Ok(groups)
}
