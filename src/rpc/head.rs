//! The heads of HTTP messages, version 1.0 and 1.1.

use std::fmt::Write;

/// A head may be so many bytes long.
pub const HEAD_MOST: usize = 64 << 10;

/// A head may have so many headers.
const HEADERS_MOST: usize = 100;

/// What is no head, or one that is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// A version of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// One reply a connection, unless the client asks otherwise.
    Http10,
    /// A connection lasts, unless the client asks otherwise.
    Http11,
}

/// Names and what they say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

/// How a request begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestHead {
    /// `GET`, `POST`.
    pub method: String,
    /// A path, and often a question mark and more, as the client wrote it.
    pub target: String,
    /// The client's version.
    pub version: Version,
    /// The headers.
    pub headers: Headers,
}

/// How a reply begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyHead {
    /// Such as 200.
    pub status: u16,
    /// The words after it.
    pub reason: String,
    /// The server's version.
    pub version: Version,
    /// The headers.
    pub headers: Headers,
}

impl Version {
    fn of(minor: Option<u8>) -> Version {
        if minor == Some(1) { Version::Http11 } else { Version::Http10 }
    }

    /// As a head has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Version::Http10 => "HTTP/1.0",
            Version::Http11 => "HTTP/1.1",
        }
    }
}

impl Headers {
    /// What the first header of this name says; names know no case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// One more. What would end the line is left out of it.
    pub fn add(&mut self, name: &str, value: impl Into<String>) {
        let mut value = value.into();
        value.retain(|character| !character.is_control());
        self.0.push((name.to_owned(), value));
    }

    /// All of others, after these.
    pub fn append(&mut self, others: &Headers) {
        self.0.extend_from_slice(&others.0);
    }

    fn of(parsed: &[httparse::Header]) -> Headers {
        let owned = |header: &httparse::Header| {
            (header.name.to_owned(), String::from_utf8_lossy(header.value).trim().to_owned())
        };
        Headers(parsed.iter().map(owned).collect())
    }

    /// Whether a comma-separated header has this word.
    fn has_word(&self, name: &str, word: &str) -> bool {
        self.all(name).flat_map(|value| value.split(',')).any(|has| has.trim().eq_ignore_ascii_case(word))
    }

    /// Whether the connection lasts beyond this message, as far as the sender is concerned.
    fn keep_alive(&self, version: Version) -> bool {
        match version {
            Version::Http10 => self.has_word("Connection", "keep-alive"),
            Version::Http11 => !self.has_word("Connection", "close"),
        }
    }

    /// `Content-Length`, where there is one.
    ///
    /// # Errors
    /// Where it is no number, or where there are two that disagree.
    pub fn content_length(&self) -> Result<Option<u64>, Malformed> {
        let mut lengths = self.all("Content-Length").map(|length| {
            let is_number = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
            // A number that does not fit is longer than any limit.
            if is_number { Ok(length.parse().unwrap_or(u64::MAX)) } else { Err(Malformed) }
        });
        let Some(first) = lengths.next().transpose()? else { return Ok(None) };
        if lengths.all(|other| other == Ok(first)) { Ok(Some(first)) } else { Err(Malformed) }
    }

    /// Whether the body comes in chunks.
    #[must_use]
    pub fn is_chunked(&self) -> bool {
        self.has_word("Transfer-Encoding", "chunked")
    }

    fn write(&self, out: &mut String) {
        for (name, value) in &self.0 {
            // A String takes all that is written to it.
            let _ = write!(out, "{name}: {value}\r\n");
        }
        out.push_str("\r\n");
    }
}

impl<const N: usize> From<[(&str, String); N]> for Headers {
    fn from(headers: [(&str, String); N]) -> Headers {
        let mut made = Headers::default();
        for (name, value) in headers {
            made.add(name, value);
        }
        made
    }
}

impl RequestHead {
    /// Reads a head, which ends where [`end`] says.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn read(head: &[u8]) -> Result<RequestHead, Malformed> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS_MOST];
        let mut parsed = httparse::Request::new(&mut headers);
        let whole = parsed.parse(head).is_ok_and(|status| status.is_complete());
        let (true, Some(method), Some(target)) = (whole, parsed.method, parsed.path) else { return Err(Malformed) };
        Ok(RequestHead {
            method: method.to_owned(),
            target: target.to_owned(),
            version: Version::of(parsed.version),
            headers: Headers::of(parsed.headers),
        })
    }

    /// The head as bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut out = format!("{} {} {}\r\n", self.method, self.target, self.version.name());
        self.headers.write(&mut out);
        out.into_bytes()
    }

    /// Whether the client wants to ask more on this connection.
    #[must_use]
    pub fn keep_alive(&self) -> bool {
        self.headers.keep_alive(self.version)
    }

    /// The path, decoded, and the query's names and values, decoded: `/tail.html?processname=a%3Ab`.
    #[must_use]
    pub fn path_and_query(&self) -> (String, Vec<(String, String)>) {
        let target = self.target.split('#').next().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        (unquote(path), form(query))
    }
}

/// Names and values of a query, or of a form that was posted.
#[must_use]
pub fn form(text: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let spaced = pair.replace('+', " ");
        let (name, value) = spaced.split_once('=').unwrap_or((&spaced, ""));
        (unquote(name), unquote(value))
    };
    text.split('&').filter(|part| !part.is_empty()).map(pair).collect()
}

/// Text for a query: everything but letters, digits and `_.-~/` as `%` and two digits.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut quoted = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"_.-~/".contains(&byte) {
            quoted.push(char::from(byte));
        } else {
            let _ = write!(quoted, "%{byte:02X}");
        }
    }
    quoted
}

/// Decodes `%41`. What is not such stays as it is; what is not UTF-8 then becomes U+FFFD.
fn unquote(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        let digits = part.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(part.bytes().skip(2));
            }
            None => {
                bytes.push(b'%');
                bytes.extend(part.bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl ReplyHead {
    /// A head of ours, with the words that belong to the status.
    #[must_use]
    pub fn new(status: u16, headers: Headers) -> ReplyHead {
        ReplyHead { status, reason: reason(status).to_owned(), version: Version::Http11, headers }
    }

    /// Reads a head, which ends where [`end`] says.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn read(head: &[u8]) -> Result<ReplyHead, Malformed> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS_MOST];
        let mut parsed = httparse::Response::new(&mut headers);
        let whole = parsed.parse(head).is_ok_and(|status| status.is_complete());
        let (true, Some(status)) = (whole, parsed.code) else { return Err(Malformed) };
        Ok(ReplyHead {
            status,
            reason: parsed.reason.unwrap_or_default().to_owned(),
            version: Version::of(parsed.version),
            headers: Headers::of(parsed.headers),
        })
    }

    /// The head as bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut out = format!("{} {} {}\r\n", self.version.name(), self.status, self.reason);
        self.headers.write(&mut out);
        out.into_bytes()
    }

    /// Whether the server lets the client ask more on this connection.
    #[must_use]
    pub fn keep_alive(&self) -> bool {
        self.headers.keep_alive(self.version)
    }
}

/// Where the first head ends, past its empty line. `from` is how much of `bytes` was looked at before in vain: so a head that
/// comes byte by byte is looked at once.
#[must_use]
pub fn end(bytes: &[u8], from: usize) -> Option<usize> {
    // An empty line may have begun three bytes before.
    let from = from.saturating_sub(3);
    let fresh = bytes.get(from..)?;
    fresh.iter().enumerate().filter(|(_, byte)| **byte == b'\n').find_map(|(at, _)| {
        let rest = fresh.get(at + 1..)?;
        let empty_line = if rest.starts_with(b"\n") { 1 } else { 2 * usize::from(rest.starts_with(b"\r\n")) };
        (empty_line > 0).then_some(from + at + 1 + empty_line)
    })
}

/// The words that belong to a status, supervisord's.
#[must_use]
pub fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        301 => "Moved Permanently",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Time-out",
        411 => "Length Required",
        413 => "Request Entity Too Large",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        _ => "Unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(head: &str) -> Result<RequestHead, Malformed> {
        RequestHead::read(head.as_bytes())
    }

    #[test]
    fn a_request_is_read_and_written() {
        let text = "POST /RPC2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 12\r\n\r\n";
        let head = request(text).unwrap();
        assert_eq!((head.method.as_str(), head.target.as_str()), ("POST", "/RPC2"));
        assert_eq!(head.headers.get("HOST"), Some("localhost"));
        assert_eq!(head.headers.content_length(), Ok(Some(12)));
        assert_eq!(head.write(), text.as_bytes());
        for malformed in ["GET /\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET /\0 HTTP/1.0\r\n\r\n", "\x16\x03\x01\r\n\r\n"]
        {
            assert_eq!(request(malformed), Err(Malformed), "{malformed:?}");
        }
        let many = format!("GET / HTTP/1.0\r\n{}\r\n", "a: b\r\n".repeat(HEADERS_MOST + 1));
        assert_eq!(request(&many), Err(Malformed));
    }

    #[test]
    fn the_version_and_one_header_tell_whether_a_connection_lasts() {
        let lasts = |version: &str, header: &str| {
            request(&format!("GET / HTTP/{version}\r\n{header}\r\n")).unwrap().keep_alive()
        };
        assert!(!lasts("1.0", ""));
        assert!(lasts("1.0", "Connection: Keep-Alive\r\n"));
        assert!(lasts("1.1", ""));
        assert!(!lasts("1.1", "Connection: te, Close\r\n"));
    }

    #[test]
    fn two_lengths_that_disagree_are_no_length() {
        let length =
            |headers: &str| request(&format!("POST / HTTP/1.1\r\n{headers}\r\n")).unwrap().headers.content_length();
        assert_eq!(length(""), Ok(None));
        assert_eq!(length("Content-Length: 99999999999999999999999\r\n"), Ok(Some(u64::MAX)));
        assert_eq!(length("Content-Length: 3\r\ncontent-length: 3\r\n"), Ok(Some(3)));
        for bad in ["3\r\nContent-Length: 4", "-1", "+1", "", "0x1", "1 1"] {
            assert_eq!(length(&format!("Content-Length: {bad}\r\n")), Err(Malformed), "{bad}");
        }
    }

    #[test]
    fn a_head_ends_with_an_empty_line() {
        assert_eq!(end(b"GET / HTTP/1.0\r\n\r\nmore", 0), Some(18));
        assert_eq!(end(b"GET / HTTP/1.0\n\nmore", 0), Some(16));
        assert_eq!(end(b"GET / HTTP/1.0\r\n", 0), None);
        let head = b"GET / HTTP/1.0\r\na: b\r\n\r\n";
        for before in 0..head.len() {
            assert_eq!(end(&head[..before], before.saturating_sub(1)), None);
            assert_eq!(end(head, before), Some(head.len()));
        }
    }

    #[test]
    fn paths_and_queries_are_decoded() {
        let decoded = |target: &str| request(&format!("GET {target} HTTP/1.0\r\n\r\n")).unwrap().path_and_query();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(decoded("/"), ("/".to_owned(), vec![]));
        assert_eq!(
            decoded("/tail.html?processname=a%3Ab+c&limit=&x#f"),
            ("/tail.html".to_owned(), vec![pair("processname", "a:b c"), pair("limit", ""), pair("x", "")])
        );
        assert_eq!(decoded("/a%zz%4%C3%A9%ff%").0, "/a%zz%4é\u{fffd}%");
        assert_eq!(quote("/a:b é~"), "/a%3Ab%20%C3%A9~");
    }

    #[test]
    fn a_reply_is_read_and_written() {
        let headers = Headers::from([("Content-Type", "text/xml".to_owned()), ("X", "a\r\nEvil: b".to_owned())]);
        let head = ReplyHead::new(200, headers).write();
        assert_eq!(head, b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nX: aEvil: b\r\n\r\n");
        let read = ReplyHead::read(&head).unwrap();
        assert_eq!((read.status, read.reason.as_str(), read.keep_alive()), (200, "OK", true));
        assert_eq!(ReplyHead::read(b"SSH-2.0\r\n\r\n"), Err(Malformed));
    }
}
