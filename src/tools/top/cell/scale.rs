//! Numbers as text, in as many digits as a column has room for.

/// Appends a number.
pub(super) fn unsigned(mut value: u64, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
        first -= 1;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(first..).unwrap_or_default());
}

/// Appends a number that may be less than 0.
pub(super) fn signed(value: i64, out: &mut Vec<u8>) {
    if value < 0 {
        out.push(b'-');
    }
    unsigned(value.unsigned_abs(), out);
}

/// How many digits a number has.
fn length(value: u64) -> usize {
    value.checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// A number in units of 1024^`power`, in tenths, to the nearest, ties to the even one. Of what is divided there are 24 bits only:
/// procps goes through single precision, which shows from gigabytes on.
fn tenths(value: u64, power: u32) -> u64 {
    let (value, unit) = (u128::from(value as f32 as u64) * 10, 1_u128 << (10 * power));
    let (whole, rest) = (value / unit, value % unit);
    let up = rest * 2 > unit || rest * 2 == unit && whole % 2 == 1;
    (whole + u128::from(up)) as u64
}

/// Appends tenths as a number with one decimal.
fn decimal(tenths: u64, out: &mut Vec<u8>) {
    unsigned(tenths / 10, out);
    out.extend_from_slice(&[b'.', b'0' + (tenths % 10) as u8]);
}

/// Appends an amount of memory: KiB, or with one decimal MiB (m), GiB (g), TiB (t), PiB (p), at the least those of `scale`, and
/// the first that has room; `?` if none has.
pub(super) fn memory(kib: u64, width: usize, scale: usize, out: &mut Vec<u8>) {
    // The rc file may hold exbibytes, which fields have not.
    let scale = if scale > 4 { 0 } else { scale };
    if scale == 0 && length(kib) <= width {
        return unsigned(kib, out);
    }
    for (power, unit) in (1..).zip(b"mgtp").skip(scale.saturating_sub(1)) {
        let tenths = tenths(kib, power);
        if length(tenths / 10) + 3 <= width {
            decimal(tenths, out);
            return out.push(*unit);
        }
    }
    out.push(b'?');
}

/// Appends a count: as it is, or in thousands of 1024 (k, m, g, t, p, e), with a decimal if there is room for it.
pub(super) fn count(count: u64, width: usize, out: &mut Vec<u8>) {
    if length(count) <= width {
        return unsigned(count, out);
    }
    for (power, unit) in (1..).zip(b"kmgtpe") {
        let tenths = tenths(count, power);
        if length(tenths / 10) + 3 <= width {
            decimal(tenths, out);
            return out.push(*unit);
        }
        let whole = ((count as f32) / 1024_f32.powi(power.cast_signed())).round_ties_even() as u64;
        if length(whole) < width {
            unsigned(whole, out);
            return out.push(*unit);
        }
    }
    out.push(b'?');
}

/// Appends a time: `M:SS.hh` (scale 0), `M:SS` (1), `H,MM` (2), `Dd+Hh` (3), `Dd` (4), `Ww+Dd` (5), `Ww` (6), at the least that of
/// `scale`, and the first that has room and is not too much of its unit; `?` if none has.
pub(super) fn ticks(ticks: u64, width: usize, scale: usize, out: &mut Vec<u8>) {
    let (hundredths, seconds) = (ticks % 100, ticks / 100);
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    let (days, weeks) = (hours / 24, hours / (24 * 7));
    let mut pair = |left: u64, between: &[u8], right: u64, two: bool, behind: &[u8]| {
        unsigned(left, out);
        out.extend_from_slice(between);
        out.extend((two && right < 10).then_some(b'0'));
        unsigned(right, out);
        out.extend_from_slice(behind);
    };
    if scale == 0 && minutes <= 360 && length(minutes) + 6 <= width {
        let hundredths = [b'.', b'0' + (hundredths / 10) as u8, b'0' + (hundredths % 10) as u8];
        pair(minutes, b":", seconds % 60, true, &hundredths);
    } else if scale <= 1 && minutes <= 360 && length(minutes) + 3 <= width {
        pair(minutes, b":", seconds % 60, true, b"");
    } else if scale <= 2 && hours <= 96 && length(hours) + 3 <= width {
        pair(hours, b",", minutes % 60, true, b"");
    } else if scale <= 3 && days <= 14 && length(days) + length(hours % 24) + 3 <= width {
        pair(days, b"d+", hours % 24, false, b"h");
    } else if (scale <= 3 && days <= 14 || scale == 4) && length(days) < width {
        unsigned(days, out);
        out.push(b'd');
    } else if scale <= 5 && length(weeks) + 4 <= width {
        pair(weeks, b"w+", days % 7, false, b"d");
    } else if length(weeks) < width {
        unsigned(weeks, out);
        out.push(b'w');
    } else {
        out.push(b'?');
    }
}

/// Appends a percentage: with `decimals`, or as many less as there is room for; `?` if there is none for a whole number.
pub(super) fn percent(percent: f32, decimals: u32, width: usize, out: &mut Vec<u8>) {
    for decimals in (0..=decimals).rev() {
        let unit = 10_u64.pow(decimals);
        // A product of 24 and 10 bits, which double precision holds exactly: rounded once, as printf does.
        let value = (f64::from(percent) * unit as f64).round_ties_even() as u64;
        let (whole, rest) = (value / unit, value % unit);
        let length = length(whole) + if decimals > 0 { decimals as usize + 1 } else { 0 };
        if length > width {
            continue;
        }
        unsigned(whole, out);
        if decimals > 0 {
            out.push(b'.');
            let mut digit = unit / 10;
            while digit > 0 {
                out.push(b'0' + (rest / digit % 10) as u8);
                digit /= 10;
            }
        }
        return;
    }
    out.push(b'?');
}
