/// What could not be written to one place. It is told when it begins and when it is over, not with every write.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    /// All bytes ever lost.
    lost: u64,
    /// Those of the trouble that lasts.
    lost_now: u64,
    /// When bytes were last lost, in seconds since 1970; `None` without trouble.
    last: Option<i64>,
}

/// A place where one write in two succeeds is in trouble: so many seconds without a loss end it.
const QUIET: i64 = 10;

impl Trouble {
    /// So many bytes are lost. Whether that is to be told: it is where the trouble begins.
    pub(super) fn lose(&mut self, bytes: usize, now: i64) -> bool {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.lost = self.lost.saturating_add(bytes);
        self.lost_now = self.lost_now.saturating_add(bytes);
        self.last.replace(now).is_none()
    }

    /// A write succeeded. How many bytes were lost, where that was the end of it.
    pub(super) fn succeed(&mut self, now: impl FnOnce() -> i64) -> Option<u64> {
        let last = self.last?;
        // A clock that was put back ends it as well, rather than never.
        let over = !(0..QUIET).contains(&now().saturating_sub(last));
        over.then(|| {
            self.last = None;
            std::mem::take(&mut self.lost_now)
        })
    }

    /// All bytes ever lost.
    pub(super) fn lost(&self) -> u64 {
        self.lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_told_when_it_begins_and_when_it_is_over() {
        let mut trouble = Trouble::default();
        assert_eq!(trouble.succeed(|| panic!("nobody need look at the clock")), None);
        assert!(trouble.lose(5, 100));
        assert!(!trouble.lose(6, 101));
        assert_eq!(trouble.succeed(|| 101), None);
        assert!(!trouble.lose(7, 105));
        assert_eq!(trouble.succeed(|| 114), None);
        assert_eq!(trouble.succeed(|| 115), Some(18));
        assert_eq!(trouble.succeed(|| 116), None);
        assert!(trouble.lose(1, 200));
        assert_eq!(trouble.succeed(|| 50), Some(1));
        assert_eq!(trouble.lost(), 19);
    }
}
