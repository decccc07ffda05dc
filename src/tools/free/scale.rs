use crate::unit::Bytes;

/// In which unit memory is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// 1024, or 1000.
    pub base: u64,
    /// The power of the base; `None` chooses for each number the largest that it fills.
    pub power: Option<u32>,
}

impl Scale {
    /// The number as it is shown.
    pub(super) fn show(&self, bytes: Bytes) -> String {
        match self.power {
            Some(power) => (bytes.0 / self.base.saturating_pow(power)).to_string(),
            None => self.human(bytes),
        }
    }

    /// A difference that may be below zero.
    pub(super) fn show_signed(&self, bytes: i128) -> String {
        let shown = self.show(Bytes(u64::try_from(bytes.unsigned_abs()).unwrap_or(u64::MAX)));
        if bytes < 0 && shown != "0" { format!("-{shown}") } else { shown }
    }

    /// procps's own shape: at most four characters and an `i`, a decimal where there is room for one.
    fn human(&self, bytes: Bytes) -> String {
        let plain = format!("{}B", bytes.0);
        if plain.len() <= 4 {
            return plain;
        }
        let i = if self.base == 1024 { "i" } else { "" };
        let mut unit = 1u64;
        let mut shown = plain;
        for letter in ['K', 'M', 'G', 'T', 'P'] {
            unit *= self.base;
            shown = format!("{:.1}{letter}{i}", bytes.0 as f64 / unit as f64);
            if shown.len() > 4 + i.len() {
                shown = format!("{}{letter}{i}", bytes.0 / unit);
            }
            if shown.len() <= 4 + i.len() {
                break;
            }
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn human_rounds_the_fraction_and_cuts_the_whole() {
        let human = |bytes| Scale { base: 1024, power: None }.show(Bytes(bytes));
        assert_eq!(human(0), "0B");
        assert_eq!(human(999), "999B");
        assert_eq!(human(1000), "1.0Ki");
        assert_eq!(human(1023 * 1024), "1.0Mi");
        assert_eq!(human(999 * 1024 + 1023), "999Ki");
        assert_eq!(human(24_684_092 * 1024), "23Gi");
        assert_eq!(human(u64::MAX), "16383Pi");
        let si = |bytes| Scale { base: 1000, power: None }.show(Bytes(bytes));
        assert_eq!((si(9_068_544), si(1_165_996_032), si(655_683_584)), ("9.1M".into(), "1.2G".into(), "655M".into()));
    }

    #[test]
    fn fixed_units_cut() {
        assert_eq!(Scale { base: 1024, power: Some(3) }.show(Bytes::from_mib(2047)), "1");
        assert_eq!(Scale { base: 1024, power: Some(0) }.show(Bytes(7)), "7");
        assert_eq!(Scale { base: 1024, power: Some(1) }.show_signed(-2048), "-2");
        assert_eq!(Scale { base: 1024, power: Some(2) }.show_signed(-2048), "0");
    }
}
