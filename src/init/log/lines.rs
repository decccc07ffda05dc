/// Bytes as they come, made into lines: the beginning of a line is held over until its end comes.
#[derive(Debug, Default)]
pub(super) struct Lines {
    partial: Vec<u8>,
}

/// A longer line comes in pieces, each as a line.
const LINE: usize = 16 * 1024;

/// So much room is kept for the next beginning.
const KEPT: usize = 256;

impl Lines {
    /// Each line that is complete now, without its newline.
    pub(super) fn split(&mut self, bytes: &[u8], mut each: impl FnMut(&[u8])) {
        let mut parts = bytes.split(|byte| *byte == b'\n');
        let last = parts.next_back().unwrap_or_default();
        for part in parts {
            if self.partial.is_empty() && part.len() <= LINE {
                each(part);
            } else {
                self.hold(part, &mut each);
                each(&self.partial);
                self.partial.clear();
            }
        }
        self.hold(last, &mut each);
        if self.partial.is_empty() {
            self.partial.shrink_to(KEPT);
        }
    }

    /// What was held over and will not be ended any more.
    pub(super) fn finish(&mut self, mut each: impl FnMut(&[u8])) {
        if !self.partial.is_empty() {
            each(&self.partial);
            self.partial = Vec::new();
        }
    }

    fn hold(&mut self, mut bytes: &[u8], each: &mut impl FnMut(&[u8])) {
        while self.partial.len() + bytes.len() > LINE {
            let (now, rest) = bytes.split_at_checked(LINE - self.partial.len()).unwrap_or((bytes, &[]));
            self.partial.extend(now);
            bytes = rest;
            let end = whole_characters(&self.partial);
            let begun = self.partial.split_off(end);
            each(&self.partial);
            self.partial = begun;
        }
        self.partial.extend(bytes);
    }
}

/// How many bytes there are before a character of UTF-8 that is not complete at the end.
fn whole_characters(bytes: &[u8]) -> usize {
    let continued = bytes.iter().rev().take(4).position(|byte| byte & 0b1100_0000 != 0b1000_0000).unwrap_or(0);
    let begun = bytes.len().saturating_sub(continued + 1);
    let wanted = match bytes.get(begun) {
        Some(0b1100_0000..=0b1101_1111) => 2,
        Some(0b1110_0000..=0b1110_1111) => 3,
        Some(0b1111_0000..=0b1111_0111) => 4,
        _ => 1,
    };
    if begun > 0 && begun + wanted > bytes.len() { begun } else { bytes.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(chunks: &[&[u8]]) -> Vec<Vec<u8>> {
        let (mut lines, mut all) = (Lines::default(), Vec::new());
        for chunk in chunks {
            lines.split(chunk, |line| all.push(line.to_vec()));
            assert!(lines.partial.len() <= LINE);
        }
        lines.finish(|line| all.push(line.to_vec()));
        all
    }

    #[test]
    fn a_line_is_whole_however_it_comes() {
        let text = b"one\n\ntwo\r\nthree";
        let whole = lines(&[text]);
        assert_eq!(whole, [&b"one"[..], b"", b"two\r", b"three"]);
        for size in 1..text.len() {
            assert_eq!(lines(&text.chunks(size).collect::<Vec<_>>()), whole, "in pieces of {size}");
        }
        assert_eq!(lines(&[b"one\n"]), [b"one"]);
        assert!(lines(&[b""]).is_empty());
    }

    #[test]
    fn a_line_without_end_comes_in_pieces_that_break_no_character() {
        let text = "ä€😀x".repeat(10_000);
        for size in [1, 7, 4096, 131_072] {
            let all = lines(&text.as_bytes().chunks(size).collect::<Vec<_>>());
            assert!(all.len() > 5 && all.iter().all(|line| line.len() <= LINE && std::str::from_utf8(line).is_ok()));
            assert_eq!(all.concat(), text.as_bytes());
        }
        // What is no text is not waited for.
        assert_eq!(lines(&[&[0x80; 100_000]]).concat(), [0x80; 100_000]);
        assert_eq!(lines(&[&[0xff; 100_000]]).concat(), [0xff; 100_000]);
        assert_eq!(lines(&[&[&[b'x'; LINE][..], b"\nnext\n"].concat()]), [&[b'x'; LINE][..], b"next"]);
    }
}
