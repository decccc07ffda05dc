//! The little JSON that a log needs: an object of texts and numbers, a line.

use std::fmt::Write;

/// A member of an object.
#[derive(Clone, Copy, Debug)]
pub enum Json<'a> {
    /// A text. What is not UTF-8 becomes U+FFFD.
    Text(&'a [u8]),
    /// A whole number.
    Number(i64),
}

impl<'a> From<&'a str> for Json<'a> {
    fn from(text: &'a str) -> Json<'a> {
        Json::Text(text.as_bytes())
    }
}

/// An object, a line with its newline.
#[must_use]
pub fn json_line(members: &[(&str, Json<'_>)]) -> String {
    let mut line = String::new();
    for (at, (name, value)) in members.iter().enumerate() {
        line.push(if at == 0 { '{' } else { ',' });
        string(name, &mut line);
        line.push(':');
        match value {
            Json::Text(text) => string(&String::from_utf8_lossy(text), &mut line),
            Json::Number(number) => line.push_str(&number.to_string()),
        }
    }
    line.push_str("}\n");
    line
}

fn string(text: &str, line: &mut String) {
    line.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => line.extend(['\\', character]),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            '\0'..='\x1f' | '\x7f' => {
                // Writing to a string cannot fail.
                let _ = write!(line, "\\u{:04x}", u32::from(character));
            }
            _ => line.push(character),
        }
    }
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_read_back_as_it_was() {
        let all: String = (0..0x300).filter_map(char::from_u32).chain("\u{2028}😀".chars()).collect();
        let members = [("time", "now".into()), ("message", all.as_str().into()), ("bad", Json::Text(b"a\xffb"))];
        let line = json_line(&[&members[..], &[("number", Json::Number(-7))]].concat());
        assert_eq!(line.matches('\n').count(), 1);
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["message"], all);
        assert_eq!((&read["bad"], &read["number"]), (&"a\u{fffd}b".into(), &(-7).into()));
        assert!(line.starts_with(r#"{"time":"now","message":"\u0000\u0001"#));
    }
}
