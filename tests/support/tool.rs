//! What the tools print, read back.

/// The figures of `free -b -w` that the tests compare, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Free {
    pub total: i64,
    pub used: i64,
    pub shared: i64,
    pub cache: i64,
    pub available: i64,
    pub swap_total: i64,
    pub swap_used: i64,
}

impl Free {
    pub fn parse(text: &str) -> Free {
        let row = |label: &str| -> Vec<i64> {
            let line =
                text.lines().find_map(|line| line.strip_prefix(label)).unwrap_or_else(|| panic!("{label}: {text}"));
            line.split_whitespace().map(|word| word.parse().expect("a number")).collect()
        };
        let (mem, swap) = (row("Mem:"), row("Swap:"));
        let [total, used, _free, shared, _buffers, cache, available] = mem[..] else { panic!("seven columns: {text}") };
        Free { total, used, shared, cache, available, swap_total: swap[0], swap_used: swap[1] }
    }
}
