//! What is said on a connection, without the connection: bytes come in, requests come out; answers come in, bytes go out.
//!
//! A request at a time: as long as one is not answered, and its answer not sent, no more is taken. So what a client can make
//! the daemon keep is a head and a body, and one answer.

use super::ConnectionId;
use super::message::{Content, Request, Response};
use crate::rpc::Login;
use crate::rpc::body::{LAST_CHUNK, chunk};
use crate::rpc::head::{self, HEAD_MOST, RequestHead, Version};
use std::collections::VecDeque;

/// The body of a request may be so many bytes long. supervisord has no limit.
pub const BODY_MOST: usize = 1 << 20;

/// So many bytes of what was pushed may wait to be sent.
pub const PUSHED_MOST: usize = 64 << 10;

/// One client's.
#[derive(Debug)]
pub(super) struct Conversation {
    state: State,
    /// What came and was not looked at as a request yet.
    input: Vec<u8>,
    /// So much of it holds no end of a head.
    searched: usize,
    pub(super) output: Output,
    /// Whether a request was answered before.
    pub(super) is_acquainted: bool,
}

#[derive(Debug)]
enum State {
    Head,
    Body(RequestHead, usize),
    Asked(Manner),
    Pushing { is_chunked: bool, keep_alive: bool },
    Over,
}

/// How a client wants to be answered.
#[derive(Clone, Copy, Debug)]
struct Manner {
    version: Version,
    keep_alive: bool,
    /// `HEAD`: without the body.
    is_head_only: bool,
}

/// Where a conversation is; tells how long it may stay there. The first is missed least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// All is said.
    Over,
    /// Between requests.
    Idle,
    /// A request is coming.
    Asking,
    /// An answer is made and sent piece by piece.
    Pushing,
    /// The answer is being made.
    Answering,
    /// An answer is being sent.
    Sending,
}

impl Conversation {
    pub(super) fn new() -> Conversation {
        Conversation {
            state: State::Head,
            input: Vec::new(),
            searched: 0,
            output: Output::default(),
            is_acquainted: false,
        }
    }

    pub(super) fn phase(&self) -> Phase {
        match self.state {
            State::Pushing { .. } => Phase::Pushing,
            State::Asked(_) => Phase::Answering,
            _ if !self.output.is_empty() => Phase::Sending,
            State::Over => Phase::Over,
            State::Head if self.is_acquainted && self.input.is_empty() => Phase::Idle,
            State::Head | State::Body(..) => Phase::Asking,
        }
    }

    /// Whether what comes is to be read. What comes while an answer is pushed, or when all is said, is thrown away: the
    /// reading tells whether the client is still there.
    pub(super) fn wants_input(&self) -> bool {
        !matches!(self.phase(), Phase::Answering | Phase::Sending)
    }

    pub(super) fn receive(&mut self, bytes: &[u8]) {
        if matches!(self.state, State::Head | State::Body(..)) {
            self.input.extend_from_slice(bytes);
        }
    }

    /// So many bytes of requests are kept.
    pub(super) fn kept(&self) -> usize {
        self.input.len()
    }

    /// Whether there may be another request in what was kept.
    pub(super) fn has_more(&self) -> bool {
        matches!(self.state, State::Head) && self.output.is_empty() && self.searched < self.input.len()
    }

    /// The next request, if it is complete and the one before is answered. What is none is answered here, and ends the
    /// conversation.
    pub(super) fn next(&mut self, login: Option<&Login>, connection: ConnectionId) -> Option<Request> {
        if !self.output.is_empty() {
            return None;
        }
        if matches!(self.state, State::Head) {
            match self.next_head(login)? {
                Ok((head, length)) => self.state = State::Body(head, length),
                Err(status) => {
                    self.refuse(status);
                    return None;
                }
            }
        }
        match std::mem::replace(&mut self.state, State::Head) {
            State::Body(head, length) if self.input.len() >= length => {
                let body = self.take_input(length);
                self.state = State::Asked(Manner {
                    version: head.version,
                    keep_alive: head.keep_alive(),
                    is_head_only: head.method == "HEAD",
                });
                Some(Request::new(connection, head, body))
            }
            other => {
                self.state = other;
                None
            }
        }
    }

    /// The next head and how long its body will be, or the status that it is refused with.
    fn next_head(&mut self, login: Option<&Login>) -> Option<Result<(RequestHead, usize), u16>> {
        // Some clients send an empty line after a body.
        let blank = self.input.iter().take_while(|byte| b"\r\n".contains(byte)).count();
        self.input.drain(..blank);
        let Some(end) = head::end(&self.input, self.searched.saturating_sub(blank)) else {
            self.searched = self.input.len();
            return (self.input.len() > HEAD_MOST).then_some(Err(431));
        };
        self.searched = 0;
        let head = self.take_input(end);
        let parsed = if end > HEAD_MOST { Err(431) } else { RequestHead::read(&head).map_err(|_| 400) };
        Some(parsed.and_then(|head| acceptable(head, login)))
    }

    /// The first bytes that came. What follows them moves, so that no room of a large body is kept for the next head.
    fn take_input(&mut self, length: usize) -> Vec<u8> {
        let rest = self.input.split_off(length.min(self.input.len()));
        std::mem::replace(&mut self.input, rest)
    }

    /// Answers with an error, and ends the conversation.
    pub(super) fn refuse(&mut self, status: u16) {
        let mut response = Response::error(status);
        if status == 401 {
            response.headers.add("WWW-Authenticate", "Basic realm=\"default\"");
        }
        self.input = Vec::new();
        let manner = Manner { version: Version::Http11, keep_alive: false, is_head_only: false };
        self.say(manner, response);
    }

    /// Answers the request that is out; says nothing where none is.
    pub(super) fn answer(&mut self, response: Response) {
        if let State::Asked(manner) = self.state {
            self.is_acquainted = true;
            self.say(manner, response);
        }
    }

    fn say(&mut self, manner: Manner, response: Response) {
        let Manner { version, keep_alive, is_head_only } = manner;
        let is_chunked = version == Version::Http11;
        let pushed = matches!(response.content, Content::Pushed);
        // Without chunks only the end of the connection tells the end of what is pushed.
        let keep_alive = keep_alive && (!pushed || is_chunked);
        self.output.add(response.head(version, keep_alive));
        match response.content {
            Content::Pushed if !is_head_only => self.state = State::Pushing { is_chunked, keep_alive },
            Content::Whole(body) if !is_head_only => {
                self.output.add(body);
                self.go_on(keep_alive);
            }
            _ => self.go_on(keep_alive),
        }
    }

    fn go_on(&mut self, keep_alive: bool) {
        self.state = if keep_alive { State::Head } else { State::Over };
    }

    /// So many bytes may be pushed now; `None` where nothing is pushed on this connection.
    pub(super) fn room(&self) -> Option<usize> {
        matches!(self.state, State::Pushing { .. }).then(|| PUSHED_MOST.saturating_sub(self.output.length))
    }

    /// Adds to the answer that is being made.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        if let State::Pushing { is_chunked, .. } = self.state {
            self.output.add(if is_chunked { chunk(bytes) } else { bytes.to_vec() });
        }
    }

    /// Ends the answer that is being made.
    pub(super) fn finish(&mut self) {
        if let State::Pushing { is_chunked, keep_alive } = self.state {
            if is_chunked {
                self.output.add(LAST_CHUNK.to_vec());
            }
            self.go_on(keep_alive);
        }
    }
}

/// Whether a request with this head is taken, and how long its body will be, or the status that it is refused with. Who may
/// not ask is told so before anything of the body is read.
fn acceptable(head: RequestHead, login: Option<&Login>) -> Result<(RequestHead, usize), u16> {
    let proof = head.headers.get("Authorization").unwrap_or_default();
    if login.is_some_and(|login| !login.is_proved_by(proof)) {
        return Err(401);
    }
    let length = head.headers.content_length().map_err(|_| 400_u16)?;
    let encoded = head.headers.get("Transfer-Encoding").is_some();
    let length = match length {
        // Two lengths: what one server takes for a body, another takes for a request.
        Some(_) if encoded => return Err(400),
        Some(length) => usize::try_from(length).unwrap_or(usize::MAX),
        None if encoded || head.method == "POST" => return Err(411),
        None => 0,
    };
    if length > BODY_MOST { Err(413) } else { Ok((head, length)) }
}

/// Bytes that wait to be sent.
#[derive(Debug, Default)]
pub(super) struct Output {
    pieces: VecDeque<Vec<u8>>,
    /// So much of the first is sent.
    sent: usize,
    length: usize,
}

impl Output {
    fn add(&mut self, piece: Vec<u8>) {
        if !piece.is_empty() {
            self.length += piece.len();
            self.pieces.push_back(piece);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// What is to be sent next.
    pub(super) fn front(&self) -> &[u8] {
        self.pieces.front().and_then(|piece| piece.get(self.sent..)).unwrap_or_default()
    }

    /// Forgets what was sent of it.
    pub(super) fn advance(&mut self, count: usize) {
        self.sent += count;
        self.length = self.length.saturating_sub(count);
        if self.front().is_empty() {
            self.pieces.pop_front();
            self.sent = 0;
        }
    }
}
