/// Takes the escape sequences of terminals out of a text (`strip_ansi`): from ESC `[` to the next of supervisor's ending letters.
/// Sequences may be split over reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Escapes {
    /// In the text.
    #[default]
    Shown,
    /// After an ESC that may begin a sequence.
    Begun,
    /// In a sequence.
    Hidden,
}

const ESC: u8 = 0x1b;
const ENDS: &[u8] = b"HfABCDRsuJKhlpm";

impl Escapes {
    /// The text without its sequences.
    pub(super) fn strip(&mut self, text: &[u8]) -> Vec<u8> {
        let mut shown = Vec::with_capacity(text.len());
        for byte in text {
            *self = match (*self, *byte) {
                (Escapes::Hidden, byte) if ENDS.contains(&byte) => Escapes::Shown,
                (Escapes::Hidden, _) | (Escapes::Begun, b'[') => Escapes::Hidden,
                (state, byte) => {
                    if state == Escapes::Begun {
                        shown.push(ESC);
                    }
                    if byte == ESC {
                        Escapes::Begun
                    } else {
                        shown.push(byte);
                        Escapes::Shown
                    }
                }
            };
        }
        shown
    }

    /// The text ends here: an ESC alone at its end is text.
    pub(super) fn finish(&mut self) -> &'static [u8] {
        match std::mem::take(self) {
            Escapes::Begun => &[ESC],
            Escapes::Shown | Escapes::Hidden => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
        let mut escapes = Escapes::default();
        let mut all: Vec<u8> = chunks.into_iter().flat_map(|chunk| escapes.strip(chunk)).collect();
        all.extend(escapes.finish());
        all
    }

    #[test]
    fn sequences_are_taken_out_however_they_are_split() {
        let text = b"\x1b[1;31mred\x1b[0m \x1b\x1b[2K\x1bx\x1b[?25l.\x1b[ \x1b[m\x1b";
        for size in 1..=text.len() {
            assert_eq!(stripped(text.chunks(size)), b"red \x1b\x1bx.\x1b", "in pieces of {size}");
        }
        assert_eq!(stripped([&b"a\x1b[31"[..]]), b"a");
    }
}
