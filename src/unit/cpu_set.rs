use std::fmt;

/// A set of CPU numbers in the kernel's list format ("0-3,8").
///
/// Kept as sorted, disjoint ranges, so that a hostile "0-4294967295" costs no memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CpuSet {
    ranges: Vec<(u32, u32)>,
}

/// What is wrong with a CPU list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CpuSetError;

impl CpuSet {
    /// Parses the list format of cpuset.cpus and /sys/devices/system/cpu/online (Documentation/admin-guide/cputopology.rst).
    ///
    /// # Errors
    /// When a part is neither a number nor a range that ascends.
    pub fn parse(text: &str) -> Result<CpuSet, CpuSetError> {
        let mut ranges = Vec::new();
        for part in text.trim().split(',').filter(|part| !part.is_empty()) {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let first = first.parse().map_err(|_| CpuSetError)?;
            let last = last.parse().map_err(|_| CpuSetError)?;
            if first > last {
                return Err(CpuSetError);
            }
            ranges.push((first, last));
        }
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match merged.last_mut() {
                Some(previous) if first <= previous.1.saturating_add(1) => previous.1 = previous.1.max(last),
                _ => merged.push((first, last)),
            }
        }
        Ok(CpuSet { ranges: merged })
    }

    /// How many CPUs are in it.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.ranges.iter().map(|(first, last)| u64::from(last - first) + 1).sum()
    }

    /// Whether a CPU is in it.
    #[must_use]
    pub fn contains(&self, cpu: u32) -> bool {
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&cpu))
    }

    /// The CPUs in it, ascending. A hostile set has billions: take no more than are needed.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.ranges.iter().flat_map(|(first, last)| *first..=*last)
    }

    /// Whether it has none. An empty cpuset.cpus means "as the parent".
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }
}

impl fmt::Display for CpuSet {
    /// The list format again, as the kernel takes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (first, last)) in self.ranges.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            if first == last { write!(f, "{comma}{first}")? } else { write!(f, "{comma}{first}-{last}")? }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> CpuSet {
        CpuSet::parse(text).unwrap()
    }

    #[test]
    fn lists_are_counted() {
        assert_eq!(set("0-3,8\n").count(), 5);
        assert_eq!(set("3,0-3,2-5").count(), 6);
        assert_eq!(set("0-4294967295").count(), 1 << 32);
        assert!(set("\n").is_empty());
    }

    #[test]
    fn its_members_are_those_between() {
        let cpus = set("8,0-2");
        assert_eq!(cpus.iter().collect::<Vec<_>>(), [0, 1, 2, 8]);
        assert!((0..10).all(|cpu| cpus.contains(cpu) == cpus.iter().any(|one| one == cpu)));
        assert_eq!(set("0-4294967295").iter().take(3).count(), 3);
    }

    #[test]
    fn a_list_is_written_as_it_is_read() {
        assert_eq!(set("8,0-2,3").to_string(), "0-3,8");
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for text in ["a", "1-", "-1", "3-2", "0x1", "1;2", "99999999999"] {
            assert_eq!(CpuSet::parse(text), Err(CpuSetError), "{text}");
        }
    }
}
