//! In which order everything stops. Pure.

use std::collections::HashMap;
use std::hash::Hash;

/// What stands to be stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing<I> {
    /// Which.
    pub(super) id: I,
    /// Its group's priority.
    pub(super) priority: i64,
    /// What it depends on: these stop after it.
    pub(super) depends_on: Vec<I>,
}

/// Waves, each of which begins when the one before has stopped: the higher number first, as under supervisord; those of the same
/// priority together, which supervisord stops one after the other; and nothing before all that depends on it.
pub(super) fn waves<I: Copy + Eq + Hash>(standing: &[Standing<I>]) -> Vec<Vec<I>> {
    let mut priorities: Vec<i64> = standing.iter().map(|one| one.priority).collect();
    priorities.sort_unstable_by(|a, b| b.cmp(a));
    priorities.dedup();
    let mut wave: HashMap<I, usize> = HashMap::new();
    for one in standing {
        wave.insert(one.id, priorities.iter().position(|priority| *priority == one.priority).unwrap_or(0));
    }
    // Whatever something depends on stops at least a wave later. As many rounds as there are, for no chain is longer; a circle,
    // which the configuration refuses, ends there too.
    for _ in 0..standing.len() {
        let mut moved = false;
        for one in standing {
            let after = wave.get(&one.id).map_or(0, |wave| wave + 1);
            for other in &one.depends_on {
                if let Some(wave) = wave.get_mut(other).filter(|wave| **wave < after) {
                    *wave = after;
                    moved = true;
                }
            }
        }
        if !moved {
            break;
        }
    }
    let last = wave.values().copied().max().unwrap_or(0);
    let of = |number: usize| standing.iter().map(|one| one.id).filter(|id| wave.get(id) == Some(&number)).collect();
    (0..=last).map(of).filter(|wave: &Vec<I>| !wave.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(id: char, priority: i64, depends_on: &str) -> Standing<char> {
        Standing { id, priority, depends_on: depends_on.chars().collect() }
    }

    fn order(all: &[Standing<char>]) -> Vec<String> {
        waves(all).into_iter().map(|wave| wave.into_iter().collect()).collect()
    }

    #[test]
    fn by_priority_those_of_the_same_together() {
        let all = [standing('l', -1, ""), standing('a', 999, ""), standing('b', 10, ""), standing('c', 999, "")];
        assert_eq!(order(&all), ["ac", "b", "l"]);
        assert_eq!(order(&[]), [""; 0]);
    }

    #[test]
    fn what_others_depend_on_stops_after_them() {
        let all = [standing('d', 999, ""), standing('a', 999, "d"), standing('w', 1, "a"), standing('x', 999, "")];
        assert_eq!(order(&all), ["x", "w", "a", "d"]);
    }

    #[test]
    fn a_circle_ends() {
        let all = [standing('a', 1, "b"), standing('b', 1, "a"), standing('c', 1, "z")];
        assert_eq!(order(&all).concat().len(), 3);
    }
}
