//! Which process waits for which: the names in `depends_on`, and that nobody waits for himself.

use super::{Group, Process};
use std::collections::BTreeMap;

/// A process and its group.
pub type Member<'a> = (&'a Group, &'a Process);

/// `name`, or `group:name` where the two differ (options.py: make_namespec).
#[must_use]
pub fn namespec((group, process): Member<'_>) -> String {
    match group.name == process.name {
        true => process.name.clone(),
        false => format!("{}:{}", group.name, process.name),
    }
}

/// All processes, group by group.
fn all(groups: &[Group]) -> impl Iterator<Item = Member<'_>> {
    groups.iter().flat_map(|group| group.processes.iter().map(move |process| (group, process)))
}

/// The processes that a name means: `group:process`, `group:*`, or else a group, a program or a process of that name, the first
/// that there is. `None` when nothing has this name; a group may be empty.
#[must_use]
pub fn members<'a>(groups: &'a [Group], name: &str) -> Option<Vec<Member<'a>>> {
    let places = places(groups, name)?;
    let mut places = places.iter().peekable();
    Some(all(groups).enumerate().filter(|(place, _)| places.next_if_eq(&place).is_some()).map(|(_, it)| it).collect())
}

/// The same as their places among all.
fn places(groups: &[Group], name: &str) -> Option<Vec<usize>> {
    let find = |is_it: &dyn Fn(Member<'_>) -> bool| -> Vec<usize> {
        all(groups).enumerate().filter(|(_, member)| is_it(*member)).map(|(place, _)| place).collect()
    };
    let some = |found: Vec<usize>| if found.is_empty() { None } else { Some(found) };
    let has_group = |name: &str| groups.iter().any(|group| group.name == name);
    match name.split_once(':') {
        Some((group, "" | "*")) => has_group(group).then(|| find(&|(its, _)| its.name == group)),
        Some((group, process)) => some(find(&|(its, it)| its.name == group && it.name == process)),
        None if has_group(name) => Some(find(&|(group, _)| group.name == name)),
        None => some(find(&|(_, process)| process.program == name))
            .or_else(|| some(find(&|(_, process)| process.name == name))),
    }
}

/// What is wrong with the `depends_on` of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The program that has to be looked at.
    pub program: String,
    /// What it is.
    pub what: String,
}

/// Checks that every name in `depends_on` is there, and that there is an order in which all can start.
///
/// # Errors
/// The first name that is not, or a circle.
pub fn check(groups: &[Group]) -> Result<(), Wrong> {
    let processes: Vec<Member<'_>> = all(groups).collect();
    let mut nodes: Vec<Node> = processes.iter().map(|_| Node { to: Vec::new(), state: State::New }).collect();
    // A thousand processes that each wait for a group of a thousand are a million edges, but two thousand by way of its name.
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, (_, process)) in processes.iter().enumerate() {
        for name in &process.depends_on {
            let node = match names.get(name.as_str()) {
                Some(node) => *node,
                None => {
                    let to = places(groups, name).ok_or_else(|| Wrong {
                        program: process.program.clone(),
                        what: format!("depends_on names unknown program, group or process {name}"),
                    })?;
                    nodes.push(Node { to, state: State::New });
                    names.insert(name, nodes.len() - 1);
                    nodes.len() - 1
                }
            };
            if let Some(from) = nodes.get_mut(place) {
                from.to.push(node);
            }
        }
    }
    let Some(circle) = circle(&mut nodes) else { return Ok(()) };
    let mut circle: Vec<Member<'_>> = circle.iter().filter_map(|node| processes.get(*node).copied()).collect();
    circle.extend(circle.first().copied());
    let names: Vec<String> = circle.iter().map(|member| namespec(*member)).collect();
    Err(Wrong {
        program: circle.first().map(|(_, process)| process.program.clone()).unwrap_or_default(),
        what: format!("depends_on goes round in a circle: {}", names.join(" -> ")),
    })
}

struct Node {
    to: Vec<usize>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    OnTheWay,
    Done,
}

/// Walks along all edges, and returns the nodes of the first circle it finds. Without recursion: a chain may be as long as there
/// are processes.
fn circle(nodes: &mut [Node]) -> Option<Vec<usize>> {
    for start in 0..nodes.len() {
        let mut way = Vec::new();
        let mut next = Some(start);
        loop {
            if let Some(node) = next.take() {
                match nodes.get_mut(node) {
                    Some(it) if it.state == State::New => {
                        it.state = State::OnTheWay;
                        way.push(node);
                    }
                    Some(it) if it.state == State::OnTheWay => {
                        let from = way.iter().position(|other| *other == node).unwrap_or(0);
                        return Some(way.split_off(from));
                    }
                    _ => (),
                }
            }
            let Some(last) = way.last().and_then(|last| nodes.get_mut(*last)) else { break };
            next = last.to.pop();
            if next.is_none() {
                last.state = State::Done;
                way.pop();
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Process};
    use super::*;

    fn groups(of: &[(&str, &[(&str, &str)])]) -> Vec<Group> {
        let process = |(name, depends_on): &(&str, &str)| Process {
            depends_on: depends_on.split_whitespace().map(str::to_owned).collect(),
            program: name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned(),
            ..Process::named(name)
        };
        let group = |(name, processes): &(&str, &[(&str, &str)])| Group {
            name: (*name).to_owned(),
            priority: 999,
            kind: Kind::Programs,
            processes: processes.iter().map(process).collect(),
        };
        of.iter().map(group).collect()
    }

    #[test]
    fn names() {
        let groups = groups(&[("a", &[("a", "")]), ("g", &[("w1", ""), ("w2", ""), ("x", "")]), ("none", &[])]);
        let means = |name: &str| {
            members(&groups, name).map(|found| found.into_iter().map(namespec).collect::<Vec<_>>().join(" "))
        };
        assert_eq!((means("a"), means("a:a")), (Some("a".into()), Some("a".into())));
        assert_eq!((means("g:*"), means("g")), (Some("g:w1 g:w2 g:x".into()), Some("g:w1 g:w2 g:x".into())));
        assert_eq!(
            (means("w"), means("w2"), means("g:x")),
            (Some("g:w1 g:w2".into()), Some("g:w2".into()), Some("g:x".into()))
        );
        assert_eq!((means("none"), means("y"), means("g:y"), means("h:*")), (Some(String::new()), None, None, None));
    }

    #[test]
    fn an_order_or_what_is_in_its_way() {
        let fine = groups(&[("a", &[("a", "")]), ("b", &[("b", "a c")]), ("c", &[("c", "a")])]);
        assert_eq!(check(&fine), Ok(()));
        let said = |of: &[(&str, &[(&str, &str)])]| check(&groups(of)).unwrap_err().what;
        assert_eq!(said(&[("a", &[("a", "z")])]), "depends_on names unknown program, group or process z");
        assert_eq!(said(&[("a", &[("a", "a")])]), "depends_on goes round in a circle: a -> a");
        assert_eq!(
            said(&[
                ("a", &[("a", "")]),
                ("b", &[("b", "c a")]),
                ("c", &[("c", "g")]),
                ("g", &[("x", "a"), ("y", "b")])
            ]),
            "depends_on goes round in a circle: b -> c -> g:y -> b"
        );
        // A member of a group that waits for the whole group waits for itself.
        assert_eq!(said(&[("g", &[("x", ""), ("y", "g")])]), "depends_on goes round in a circle: g:y -> g:y");
    }

    #[test]
    fn a_chain_as_long_as_it_may_be() {
        let to = |node: usize| if node == 1 << 16 { Vec::new() } else { vec![node + 1] };
        let mut nodes: Vec<Node> = (0..=1 << 16).map(|node| Node { to: to(node), state: State::New }).collect();
        assert_eq!(circle(&mut nodes), None);
    }
}
