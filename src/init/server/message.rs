//! What clients ask, and what they are answered.

use super::ConnectionId;
use crate::rpc::date;
use crate::rpc::head::{Headers, ReplyHead, RequestHead, Version, reason};
use std::time::SystemTime;

/// A request that is complete, and whose client may ask it.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where the answer goes.
    pub connection: ConnectionId,
    /// `GET`, `POST`, `HEAD` or any other.
    pub method: String,
    /// The path, decoded.
    pub path: String,
    /// What stands behind the question mark, decoded.
    pub query: Vec<(String, String)>,
    /// All headers.
    pub headers: Headers,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    pub(super) fn new(connection: ConnectionId, head: RequestHead, body: Vec<u8>) -> Request {
        let (path, query) = head.path_and_query();
        Request { connection, method: head.method, path, query, headers: head.headers, body }
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// Such as 200.
    pub status: u16,
    /// All headers but those that belong to the connection: the length, `Server`, `Date`, `Connection`.
    pub headers: Headers,
    /// What follows them.
    pub content: Content,
}

/// The body of an answer.
#[derive(Clone, Debug)]
pub enum Content {
    /// All of it.
    Whole(Vec<u8>),
    /// It is pushed piece by piece from now on.
    Pushed,
}

impl Response {
    /// Found, and here it is.
    #[must_use]
    pub fn new(content_type: &str, body: impl Into<Vec<u8>>) -> Response {
        let headers = Headers::from([("Content-Type", content_type.to_owned())]);
        Response { status: 200, headers, content: Content::Whole(body.into()) }
    }

    /// The page that supervisord has for what is not 200.
    #[must_use]
    pub fn error(status: u16) -> Response {
        let page = format!(
            "<head>\r\n<title>Error response</title>\r\n</head>\r\n<body>\r\n<h1>Error response</h1>\r\n\
             <p>Error code {status}.\r\n<p>Message: {}.\r\n</body>\r\n",
            reason(status)
        );
        Response { status, ..Response::new("text/html", page) }
    }

    /// The head for a client of this version.
    pub(super) fn head(&self, version: Version, keep_alive: bool) -> Vec<u8> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let mut head = ReplyHead::new(self.status, Headers::from([("Server", "vat-init".to_owned())]));
        head.version = version;
        head.headers.add("Date", date(now.as_secs()));
        head.headers.append(&self.headers);
        match (&self.content, version) {
            (Content::Whole(body), _) => head.headers.add("Content-Length", body.len().to_string()),
            (Content::Pushed, Version::Http11) => head.headers.add("Transfer-Encoding", "chunked"),
            (Content::Pushed, Version::Http10) => (),
        }
        match (keep_alive, version) {
            (false, _) => head.headers.add("Connection", "close"),
            (true, Version::Http10) => head.headers.add("Connection", "Keep-Alive"),
            (true, Version::Http11) => (),
        }
        head.write()
    }
}
