use super::now::{self, Now};
use super::{Error, Item, Seat, Unavailable, Wanted, plan};
use crate::read::Reader;
use crate::snapshot::cgroup::CpuQuota;
use crate::sys::Machine;
use crate::unit::{Bytes, CpuSet, Limit};
use std::fmt;
use std::path::PathBuf;

/// What the kernel says is set, read after the writing.
#[derive(Clone, Debug)]
pub struct Report {
    /// The limits.
    pub now: Now,
    /// The files that hold those that were wanted, and what they say.
    pub files: Vec<(Item, Vec<(PathBuf, String)>)>,
    /// What was wanted and cannot be set on this machine.
    pub unavailable: Vec<Unavailable>,
}

/// A limit that the kernel set differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differs {
    /// Which.
    pub item: Item,
    /// What was asked for.
    pub wanted: String,
    /// What is set.
    pub real: String,
}

impl fmt::Display for Differs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} instead of {}", self.item, self.real, self.wanted)
    }
}

/// Sets limits, and reads back what the kernel made of them.
///
/// # Errors
/// When the kernel refuses a write, or has set something else than was written.
pub fn set(machine: &dyn Machine, seats: &[Seat], wanted: &Wanted) -> Result<Report, Error> {
    let (reader, root) = (Reader::new(machine), machine.root());
    let plan = plan(wanted, &Now::read(&reader, seats), seats);
    for write in &plan.writes {
        let doing = || format!("write {} to", write.text);
        root.write_record(&write.file, &write.text).map_err(|error| Error::io(doing(), &write.file, error))?;
    }
    let now = Now::read(&reader, seats);
    let is_there = |item: &Item| !plan.unavailable.contains(&Unavailable(*item));
    let items: Vec<Item> = wanted.items().into_iter().filter(is_there).collect();
    let differs: Vec<Differs> = items.iter().filter_map(|item| differs(*item, wanted, &now)).collect();
    if !differs.is_empty() {
        return Err(Error::Differs(differs));
    }
    let files = items.into_iter().map(|item| (item, now::raw(&reader, seats, item))).collect();
    Ok(Report { now, files, unavailable: plan.unavailable })
}

/// Memory is limited in whole pages, and no machine has larger ones.
const PAGE: u64 = 64 << 10;

fn differs(item: Item, wanted: &Wanted, now: &Now) -> Option<Differs> {
    let is_page_less = |wanted: Bytes, real: Bytes| real <= wanted && (wanted - real).0 < PAGE;
    let memory = |wanted: Option<Limit<Bytes>>, real: Option<Limit<Bytes>>| match (wanted?, real) {
        (Limit::At(wanted), Some(Limit::At(real))) if is_page_less(wanted, real) => None,
        (wanted, real) => unequal(item, Some(wanted), real, |bytes| bytes.0.to_string()),
    };
    match item {
        Item::Memory => memory(wanted.memory, now.memory),
        // v1 without a memory limit has none for swap either: its files know only the sum.
        Item::Swap if now.swap_alone.is_none() && now.memory == Some(Limit::Max) => None,
        Item::Swap => match (wanted.swap?, now.swap()) {
            // The sum and the memory were both rounded down, so that their difference may be larger by a page.
            (Limit::At(wanted), Some(Limit::At(real))) if is_page_less(wanted, real) || is_page_less(real, wanted) => {
                None
            }
            (wanted, real) => unequal(item, Some(wanted), real, |bytes| bytes.0.to_string()),
        },
        Item::Cpu => {
            let text = |cpu: CpuQuota| format!("{} of {} us", cpu.quota.0, cpu.period.0);
            unequal(item, wanted.cpu, now.cpu, text)
        }
        Item::Pids => unequal(item, wanted.pids, now.pids, |pids| pids.to_string()),
        Item::Cpuset => {
            let text = |set: &CpuSet| if set.is_empty() { "the parent's".to_owned() } else { set.to_string() };
            let (want, real) = (wanted.cpuset.as_ref()?, now.cpuset.clone().unwrap_or_default());
            (*want != real).then(|| Differs { item, wanted: text(want), real: text(&real) })
        }
    }
}

fn unequal<T: PartialEq + Copy>(
    item: Item,
    wanted: Option<Limit<T>>,
    real: Option<Limit<T>>,
    text: impl Fn(T) -> String,
) -> Option<Differs> {
    let show = |limit: Limit<T>| limit.at().map_or_else(|| "no limit".to_owned(), &text);
    (wanted? != real.unwrap_or(Limit::Max)).then(|| Differs {
        item,
        wanted: wanted.map_or_else(String::new, show),
        real: real.map_or_else(|| "nothing".to_owned(), show),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Limit::{At, Max};

    #[test]
    fn a_page_less_is_no_difference() {
        let wanted = Wanted { memory: Some(At(Bytes(1_000_000))), pids: Some(At(7)), ..Wanted::default() };
        let now = |memory, pids| Now { memory, pids, ..Now::default() };
        assert_eq!(differs(Item::Memory, &wanted, &now(Some(At(Bytes(999_424))), None)), None);
        let more = differs(Item::Memory, &wanted, &now(Some(At(Bytes(1_003_520))), None)).unwrap();
        assert_eq!(more.to_string(), "memory: 1003520 instead of 1000000");
        let none = differs(Item::Pids, &wanted, &now(None, Some(Max))).unwrap();
        assert_eq!(none.to_string(), "tasks: no limit instead of 7");
        assert_eq!(differs(Item::Pids, &wanted, &now(None, Some(At(7)))), None);
    }

    #[test]
    fn swap_beside_memory_on_v1() {
        let wanted = Wanted { swap: Some(At(Bytes::from_mib(64))), ..Wanted::default() };
        let both = |memory, both| Now { memory: Some(memory), memory_and_swap: Some(both), ..Now::default() };
        let memory = At(Bytes::from_mib(512));
        assert_eq!(differs(Item::Swap, &wanted, &both(memory, At(Bytes::from_mib(576)))), None);
        assert!(differs(Item::Swap, &wanted, &both(memory, Max)).is_some());
        assert_eq!(differs(Item::Swap, &wanted, &both(Max, Max)), None);
    }
}
