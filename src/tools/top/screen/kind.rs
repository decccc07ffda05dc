//! What a terminal can, by its type.

/// What a terminal can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// The cursor can be sent to a place, in the way of ECMA-48. Else the screen is printed line below line.
    pub(crate) places: bool,
    /// How many colours it has.
    pub(crate) colours: u16,
    /// It tells what the mouse does.
    pub(crate) mouse: bool,
    /// Its cursor can be hidden.
    pub(crate) hides: bool,
}

/// Families of terminals that are common and follow ECMA-48: colours without "256color" in the name, and whether there is a mouse.
const FAMILIES: [(&str, u16, bool); 28] = [
    ("xterm", 8, true),
    ("screen", 8, true),
    ("tmux", 8, true),
    ("rxvt", 8, true),
    ("alacritty", 256, true),
    ("foot", 256, true),
    ("kitty", 256, true),
    ("ghostty", 256, true),
    ("wezterm", 256, true),
    ("contour", 256, true),
    ("konsole", 8, true),
    ("gnome", 8, true),
    ("vte", 8, true),
    ("mlterm", 8, true),
    ("iterm", 256, true),
    ("iterm2", 256, true),
    ("putty", 8, true),
    ("mintty", 256, true),
    ("st", 8, true),
    ("linux", 8, false),
    ("ansi", 8, false),
    ("cygwin", 8, false),
    ("vt100", 0, false),
    ("vt102", 0, false),
    ("vt220", 0, false),
    ("vt320", 0, false),
    ("vt420", 0, false),
    ("vt520", 0, false),
];

/// How compiled terminfo entries say that a cursor is placed in the way of ECMA-48.
const PLACES: &[u8] = b"\x1b[%i%p1%d;%p2%dH";
/// And that it is hidden.
const HIDES: &[u8] = b"\x1b[?25l";

impl Kind {
    /// One that prints line below line.
    pub(crate) const DUMB: Kind = Kind { places: false, colours: 0, mouse: false, hides: false };

    /// By the name alone, for an image without terminfo; `None` for one that is not common.
    #[must_use]
    pub(crate) fn named(name: &str) -> Option<Kind> {
        if name == "dumb" {
            return Some(Kind::DUMB);
        }
        let (family, colours, mouse) = FAMILIES.iter().find(|(family, ..)| {
            name.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.', '+']))
        })?;
        let is_mono = name.ends_with("-mono") || name.ends_with("-m");
        let is_rich =
            name.contains("256color") || name.contains("direct") || name.contains("kitty") || name.contains("ghostty");
        Some(Kind {
            places: true,
            colours: if is_mono {
                0
            } else if is_rich {
                256
            } else {
                *colours
            },
            mouse: *mouse,
            hides: !matches!(*family, "vt100" | "vt102" | "ansi"),
        })
    }

    /// By the terminfo entry of that name.
    #[must_use]
    pub(crate) fn described(name: &str, entry: &[u8]) -> Option<Kind> {
        let colours = colours(entry)?;
        let has = |words: &[u8]| entry.windows(words.len()).any(|bytes| bytes == words);
        if !has(PLACES) {
            return Some(Kind::DUMB);
        }
        let mouse = Kind::named(name).is_some_and(|kind| kind.mouse);
        Some(Kind { places: true, colours, mouse, hides: has(HIDES) })
    }
}

/// max_colors of a compiled entry (term(5)): a header of six numbers, the names, the booleans, and then the numbers, of 2 bytes or
/// of 4. `None` for what is no entry.
fn colours(entry: &[u8]) -> Option<u16> {
    const MAX_COLORS: usize = 13;
    let short = |at: usize| Some(u16::from_le_bytes([*entry.get(at)?, *entry.get(at + 1)?]));
    let width = match short(0)? {
        0o432 => 2,
        0o1036 => 4,
        _ => return None,
    };
    let [names, booleans, numbers] = [usize::from(short(2)?), usize::from(short(4)?), usize::from(short(6)?)];
    if numbers <= MAX_COLORS {
        return Some(0);
    }
    let start = (12 + names + booleans).next_multiple_of(2);
    let at = start + MAX_COLORS * width;
    let negative = short(at + width - 2)? & 0x8000 != 0;
    let more = width == 4 && short(at + 2)? != 0;
    Some(if negative {
        0
    } else if more {
        u16::MAX
    } else {
        short(at)?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(colours: &[u8], magic: u16, text: &[u8]) -> Vec<u8> {
        let mut entry = Vec::new();
        for number in [magic, 4, 1, 14, 0, 0] {
            entry.extend(number.to_le_bytes());
        }
        entry.extend(b"x|y\0\x01\0");
        entry.resize(entry.len() - 1 + 1 - (entry.len() % 2), 0);
        entry.extend(vec![0xff; colours.len() * 13]);
        entry.extend(colours);
        entry.extend(text);
        entry
    }

    #[test]
    fn common_names_are_known() {
        let kind = |name: &str| Kind::named(name).map(|kind| (kind.colours, kind.mouse));
        assert_eq!(kind("xterm"), Some((8, true)));
        assert_eq!(kind("xterm-256color"), Some((256, true)));
        assert_eq!(kind("xterm-kitty"), Some((256, true)));
        assert_eq!(kind("xterm-mono"), Some((0, true)));
        assert_eq!(kind("screen.xterm-256color"), Some((256, true)));
        assert_eq!(kind("linux"), Some((8, false)));
        assert_eq!(kind("vt100"), Some((0, false)));
        assert_eq!(Kind::named("dumb"), Some(Kind::DUMB));
        for unknown in ["", "nonsense", "vt52", "xtermite", "unknown", "stone"] {
            assert_eq!(Kind::named(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn an_entry_tells_colours_and_whether_the_cursor_can_be_placed() {
        let colours = |entry: &[u8]| Kind::described("xterm", entry).map(|kind| (kind.places, kind.colours));
        assert_eq!(colours(&entry(&8_u16.to_le_bytes(), 0o432, PLACES)), Some((true, 8)));
        assert_eq!(colours(&entry(&0xffff_u16.to_le_bytes(), 0o432, PLACES)), Some((true, 0)));
        assert_eq!(colours(&entry(&256_u32.to_le_bytes(), 0o1036, PLACES)), Some((true, 256)));
        assert_eq!(colours(&entry(&0x0100_0000_u32.to_le_bytes(), 0o1036, PLACES)), Some((true, u16::MAX)));
        assert_eq!(colours(&entry(&8_u16.to_le_bytes(), 0o432, b"\x1bY%p1%' '%+%c")), Some((false, 0)));
        assert_eq!(colours(b"no entry at all"), None);
        assert_eq!(colours(&entry(&8_u16.to_le_bytes(), 0o432, PLACES)[..30]), None);
        assert_eq!(colours(b""), None);
    }
}
