use super::supervisor::{Group, Id, Supervisor};
use crate::rpc::{Code, Fault};

/// Whom `web`, `group:web` or `group:*` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// A process.
    Process(Target),
    /// All processes of a group.
    Group(Group),
}

/// A process, and the names it goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) id: Id,
    pub(super) group: String,
    pub(super) process: String,
    /// As the client calls it, or would: what faults say.
    pub(super) called: String,
}

/// Finds whom a name means (supervisor's split_namespec and _getGroupAndProcess). A name without a group is a process that is
/// called as its group.
///
/// # Errors
/// BAD_NAME.
pub(super) fn find(supervisor: &dyn Supervisor, name: &str) -> Result<Named, Fault> {
    let (group, process) = name.split_once(':').unwrap_or((name, name));
    let group = find_group(supervisor, group).map_err(|_| bad_name(name))?;
    if name.contains(':') && (process.is_empty() || process == "*") {
        return Ok(Named::Group(group));
    }
    let member = group.processes.into_iter().find(|member| member.name == process).ok_or_else(|| bad_name(name))?;
    Ok(Named::Process(Target { id: member.id, group: group.name, process: member.name, called: name.to_owned() }))
}

/// Finds a process; a whole group will not do.
///
/// # Errors
/// BAD_NAME.
pub(super) fn find_process(supervisor: &dyn Supervisor, name: &str) -> Result<Target, Fault> {
    match find(supervisor, name)? {
        Named::Process(target) => Ok(target),
        Named::Group(_) => Err(bad_name(name)),
    }
}

/// Finds a group by its name.
///
/// # Errors
/// BAD_NAME.
pub(super) fn find_group(supervisor: &dyn Supervisor, name: &str) -> Result<Group, Fault> {
    supervisor.groups().into_iter().find(|group| group.name == name).ok_or_else(|| bad_name(name))
}

/// All processes of these groups, in the order in which they are started: by the groups' priority, then by their own.
pub(super) fn by_priority(mut groups: Vec<Group>) -> Vec<Target> {
    groups.sort_by_key(|group| group.priority);
    groups.iter_mut().for_each(|group| group.processes.sort_by_key(|member| member.priority));
    targets(groups)
}

/// All processes of these groups, by their names.
pub(super) fn by_name(mut groups: Vec<Group>) -> Vec<Target> {
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    groups.iter_mut().for_each(|group| group.processes.sort_by(|a, b| a.name.cmp(&b.name)));
    targets(groups)
}

fn targets(groups: Vec<Group>) -> Vec<Target> {
    let of_group = |group: Group| {
        let name = group.name;
        let target = move |(id, process): (Id, String)| {
            let called = if name == process { process.clone() } else { format!("{name}:{process}") };
            Target { id, group: name.clone(), process, called }
        };
        group.processes.into_iter().map(|member| (member.id, member.name)).map(target)
    };
    groups.into_iter().flat_map(of_group).collect()
}

pub(super) fn bad_name(name: &str) -> Fault {
    Fault::because(Code::BadName, name)
}
