//! What goes wrong between client and server, in the words of Python's exceptions: users and scripts know them.

use super::wait::Ended;
use crate::ini::repr;
use crate::rpc::{Code, Fault};
use std::fmt;
use std::io;

/// What ends a command early.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The method's answer.
    Fault(Fault),
    /// An answer of HTTP that is not 200.
    Protocol {
        /// Such as 401.
        status: u16,
        /// The words behind it.
        reason: String,
    },
    /// The connection.
    Socket(io::Error),
    /// Another exception: its class, and what it says.
    Exception(&'static str, String),
    /// A signal of the user's.
    Ended(Ended),
}

impl Trouble {
    /// What was asked cannot be.
    pub(super) fn value(why: impl Into<String>) -> Trouble {
        Trouble::Exception("ValueError", why.into())
    }

    /// Input that has ended where an answer was wanted.
    pub(super) fn end_of_input() -> Trouble {
        Trouble::Exception("EOFError", "EOF when reading a line".to_owned())
    }

    /// What a server says that is not what it should say.
    pub(super) fn answer(why: impl fmt::Display) -> Trouble {
        Trouble::Exception("xmlrpc.client.ResponseError", why.to_string())
    }

    /// An answer that is not XML.
    pub(super) fn malformed(why: impl fmt::Display) -> Trouble {
        Trouble::Exception("xml.parsers.expat.ExpatError", why.to_string())
    }

    /// The supervisor's fault, where it is one that it has a name for.
    pub(super) fn code(&self) -> Option<Code> {
        match self {
            Trouble::Fault(fault) => Code::of(fault.code),
            _ => None,
        }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Trouble {
        Trouble::Socket(error)
    }
}

impl From<Ended> for Trouble {
    fn from(ended: Ended) -> Trouble {
        Trouble::Ended(ended)
    }
}

impl fmt::Display for Trouble {
    /// As the original says `error: %s, %s`, without Python's file and line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Fault(fault) => write!(f, "<class 'xmlrpc.client.Fault'>, {}", fault_text(fault)),
            Trouble::Protocol { status, reason } => write!(
                f,
                "<class 'xmlrpc.client.ProtocolError'>, <ProtocolError for 127.0.0.1/RPC2: {status} {reason}>"
            ),
            Trouble::Socket(error) => {
                let (class, text) = exception(error);
                write!(f, "<class '{class}'>, {text}")
            }
            Trouble::Exception(class, text) => write!(f, "<class '{class}'>, {text}"),
            Trouble::Ended(_) => f.write_str("<class 'KeyboardInterrupt'>, "),
        }
    }
}

/// Python's `str` of a fault.
pub(super) fn fault_text(fault: &Fault) -> String {
    format!("<Fault {}: {}>", fault.code, repr(&fault.message))
}

/// The class and the text of the exception that Python makes of an error of the system.
fn exception(error: &io::Error) -> (&'static str, String) {
    let class = match error.kind() {
        io::ErrorKind::ConnectionRefused => "ConnectionRefusedError",
        io::ErrorKind::NotFound => "FileNotFoundError",
        io::ErrorKind::PermissionDenied => "PermissionError",
        io::ErrorKind::ConnectionReset => "ConnectionResetError",
        io::ErrorKind::ConnectionAborted => "ConnectionAbortedError",
        io::ErrorKind::BrokenPipe => "BrokenPipeError",
        io::ErrorKind::TimedOut => "TimeoutError",
        io::ErrorKind::NotADirectory => "NotADirectoryError",
        _ => "OSError",
    };
    let text = error.to_string();
    match (error.raw_os_error(), text.strip_prefix("failed to lookup address information: ")) {
        (Some(number), _) => {
            let reason = text.strip_suffix(&format!(" (os error {number})")).unwrap_or(&text);
            (class, format!("[Errno {number}] {reason}"))
        }
        (None, Some(reason)) => {
            // EAI_AGAIN and EAI_NONAME of getaddrinfo(3): all that a name can come to.
            let number = if reason.starts_with("Temporary") { -3 } else { -2 };
            ("socket.gaierror", format!("[Errno {number}] {reason}"))
        }
        (None, None) => (class, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_are_pythons() {
        let said = |trouble: Trouble| trouble.to_string();
        assert_eq!(
            said(io::Error::from_raw_os_error(111).into()),
            "<class 'ConnectionRefusedError'>, [Errno 111] Connection refused"
        );
        assert_eq!(
            said(Trouble::Fault(Code::ShutdownState.into())),
            "<class 'xmlrpc.client.Fault'>, <Fault 6: 'SHUTDOWN_STATE'>"
        );
        let unknown = io::Error::other("failed to lookup address information: Name or service not known");
        assert_eq!(said(unknown.into()), "<class 'socket.gaierror'>, [Errno -2] Name or service not known");
    }
}
