//! The bodies of HTTP messages: how long they are, and chunks.

use super::head::{Malformed, ReplyHead};

/// The end of a body in chunks.
pub const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// A line that says how long a chunk is may be so long.
const LINE_MOST: usize = 4 << 10;

/// These bytes as a chunk; none as nothing, as a chunk of none would be the last.
#[must_use]
pub fn chunk(bytes: &[u8]) -> Vec<u8> {
    if bytes.is_empty() {
        return Vec::new();
    }
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// Reads a reply's body as it comes, piece by piece.
#[derive(Clone, Debug)]
pub struct Body(Expected);

#[derive(Clone, Debug)]
enum Expected {
    Nothing,
    /// So many bytes, and then nothing more.
    Bytes(u64),
    /// All that comes.
    Everything,
    /// A line, of which so much is there.
    Line(Line, Vec<u8>),
    /// So many bytes of a chunk.
    Chunk(u64),
}

/// What a line between chunks is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Line {
    Size,
    EndOfChunk,
    Trailer,
}

impl Body {
    /// The body of the reply to a `GET` or a `POST`.
    ///
    /// # Errors
    /// [`Malformed`] where the head contradicts itself.
    pub fn of(head: &ReplyHead) -> Result<Body, Malformed> {
        Ok(Body(match head.headers.content_length()? {
            _ if head.headers.is_chunked() => Expected::Line(Line::Size, Vec::new()),
            _ if matches!(head.status, 204 | 304) => Expected::Nothing,
            Some(0) => Expected::Nothing,
            Some(length) => Expected::Bytes(length),
            None => Expected::Everything,
        }))
    }

    /// Whether it is all there.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        matches!(self.0, Expected::Nothing)
    }

    /// Whether the end of the connection is its end.
    #[must_use]
    pub fn may_end(&self) -> bool {
        matches!(self.0, Expected::Nothing | Expected::Everything)
    }

    /// Takes what came, and adds to `out` what of it is the body. Says how much was taken: all, unless the body is complete.
    ///
    /// # Errors
    /// [`Malformed`], for chunks only.
    pub fn take(&mut self, came: &[u8], out: &mut Vec<u8>) -> Result<usize, Malformed> {
        let mut rest = came;
        while !rest.is_empty() && !self.is_complete() {
            let taken = match &mut self.0 {
                Expected::Nothing => 0,
                Expected::Everything => {
                    out.extend_from_slice(rest);
                    rest.len()
                }
                Expected::Bytes(left) | Expected::Chunk(left) => {
                    let most = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                    out.extend(rest.iter().take(most));
                    *left = left.saturating_sub(most as u64);
                    most
                }
                Expected::Line(_, line) => {
                    let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
                    line.extend(rest.iter().take(end));
                    if line.len() > LINE_MOST {
                        return Err(Malformed);
                    }
                    end
                }
            };
            rest = rest.get(taken..).unwrap_or_default();
            self.advance()?;
        }
        Ok(came.len() - rest.len())
    }

    /// Goes on to what is expected next, where this is there.
    fn advance(&mut self) -> Result<(), Malformed> {
        let next = match &self.0 {
            Expected::Bytes(0) => Expected::Nothing,
            Expected::Chunk(0) => Expected::Line(Line::EndOfChunk, Vec::new()),
            Expected::Line(kind, line) if line.ends_with(b"\n") => match (kind, line.trim_ascii()) {
                (Line::Size, size) => match chunk_size(size)? {
                    0 => Expected::Line(Line::Trailer, Vec::new()),
                    size => Expected::Chunk(size),
                },
                (Line::EndOfChunk, b"") => Expected::Line(Line::Size, Vec::new()),
                (Line::EndOfChunk, _) => return Err(Malformed),
                (Line::Trailer, b"") => Expected::Nothing,
                (Line::Trailer, _) => Expected::Line(Line::Trailer, Vec::new()),
            },
            _ => return Ok(()),
        };
        self.0 = next;
        Ok(())
    }
}

/// The number before a semicolon.
fn chunk_size(line: &[u8]) -> Result<u64, Malformed> {
    let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    let digits = str::from_utf8(digits).map_err(|_| Malformed)?;
    if digits.starts_with('+') { Err(Malformed) } else { u64::from_str_radix(digits, 16).map_err(|_| Malformed) }
}

#[cfg(test)]
mod tests {
    use super::super::head::Headers;
    use super::*;

    fn body(name: &str, value: &str) -> Body {
        Body::of(&ReplyHead::new(200, Headers::from([(name, value.to_owned())]))).unwrap()
    }

    /// The body, and what is left, whether it comes at once or byte by byte.
    fn taken(body: &Body, came: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Malformed> {
        let take = |pieces: Vec<&[u8]>| {
            let (mut body, mut out, mut left) = (body.clone(), Vec::new(), Vec::new());
            for piece in pieces {
                let taken = body.take(piece, &mut out)?;
                left.extend_from_slice(&piece[taken..]);
            }
            Ok((out, left))
        };
        let at_once = take(vec![came]);
        assert_eq!(at_once, take(came.chunks(1).collect()));
        at_once
    }

    #[test]
    fn chunks_are_read_as_they_are_written() {
        let written =
            [chunk(b"hello "), chunk(b""), chunk(&[b'x'; 300]), LAST_CHUNK.to_vec(), b"next".to_vec()].concat();
        let whole = [b"hello ".to_vec(), vec![b'x'; 300]].concat();
        let chunked = body("Transfer-Encoding", "chunked");
        assert_eq!(taken(&chunked, &written), Ok((whole, b"next".to_vec())));
        assert_eq!(taken(&chunked, b"3;a=b\nabc\r\n0\r\nTrailer: x\r\n\r\n"), Ok((b"abc".to_vec(), vec![])));
        for bad in ["x\r\n", "-1\r\n", "+1\r\n", "\r\n", "1\r\nab\r\n", "10000000000000000\r\n"] {
            assert_eq!(taken(&chunked, bad.as_bytes()), Err(Malformed), "{bad:?}");
        }
        assert_eq!(taken(&chunked, &[b'0'; LINE_MOST + 1]), Err(Malformed));
    }

    #[test]
    fn a_body_is_as_long_as_its_head_says() {
        let three = body("Content-Length", "3");
        assert_eq!(taken(&three, b"abcdef"), Ok((b"abc".to_vec(), b"def".to_vec())));
        assert!(!three.may_end());
        assert!(body("Content-Length", "0").is_complete());
        let open = body("Server", "x");
        assert!(open.may_end());
        assert_eq!(taken(&open, b"abc"), Ok((b"abc".to_vec(), vec![])));
    }
}
